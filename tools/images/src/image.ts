/** Everything that becomes an image: the apps, the continuous audit, and the one-shot command that creates the topics. */
export const IMAGES = {
  'collector-api': 'apps/collector-api',
  'hdfs-sink': 'apps/hdfs-sink',
  'es-sink': 'apps/es-sink',
  'web-ui': 'apps/web-ui',
  audit: 'tools/audit',
  topics: 'tools/topics',
} as const;

/** Those that run to their end, and therefore have no health. */
export const COMMANDS: readonly string[] = ['topics'] satisfies (keyof typeof IMAGES)[];

export type ImageName = keyof typeof IMAGES;

export const IMAGE_NAMES = Object.keys(IMAGES) as ImageName[];

/** `web-event-pipeline/es-sink:dev`: the repository that compose and the manifests use. */
export function imageTag(name: ImageName, tag: string): string {
  return `web-event-pipeline/${name}:${tag}`;
}
