/**
 * The feature version (21, 25, …) in the text of a JDK's `release` file.
 * @returns undefined where the text names none.
 */
export function jdkFeatureVersion(releaseFile: string): number | undefined {
  const version = /^JAVA_VERSION="([^"]+)"/m.exec(releaseFile)?.[1];
  if (version === undefined) return undefined;
  // Before Java 9 the feature version stood second: 1.8.0_412.
  const feature = Number(/^(?:1\.)?(\d+)/.exec(version)?.[1]);
  return Number.isNaN(feature) ? undefined : feature;
}
