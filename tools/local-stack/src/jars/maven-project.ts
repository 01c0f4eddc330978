import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One folder of jars that Maven shall fill. */
export interface MavenModule {
  readonly name: string;
  /** `group:artifact:version[:classifier]`. */
  readonly artifacts: readonly string[];
  /** false: exactly the artifacts named, as of a lock; true: what they need as well. */
  readonly transitive: boolean;
  /** `group:artifact`, `*` for any: not fetched, whatever needs it. */
  readonly leftOut?: readonly string[];
}

/** Writes an aggregator and one module per folder, so that one Maven run serves all. */
export async function writeMavenProject(folder: string, modules: readonly MavenModule[]): Promise<void> {
  const names = modules.map(({ name }) => `<module>${name}</module>`).join('');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'pom.xml'), pom('jars', `<modules>${names}</modules>`));
  for (const module of modules) {
    await mkdir(join(folder, module.name), { recursive: true });
    await writeFile(join(folder, module.name, 'pom.xml'), modulePom(module));
  }
}

/** The `pom.xml` of one module. */
export function modulePom({ name, artifacts, transitive, leftOut = [] }: MavenModule): string {
  const dependencies = artifacts
    .map((artifact) => dependency(artifact, transitive ? leftOut : ['*:*']))
    .join('\n');
  return pom(name, `<dependencies>\n${dependencies}\n</dependencies>`);
}

function pom(name: string, body: string): string {
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion>
<groupId>pipeline.local-stack</groupId>
<artifactId>${name}</artifactId>
<version>1</version>
<packaging>pom</packaging>
${body}
</project>
`;
}

function dependency(artifact: string, leftOut: readonly string[]): string {
  const [group, name, version, classifier] = artifact.split(':');
  const fields = [
    `<groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>`,
    classifier === undefined ? '' : `<classifier>${classifier}</classifier>`,
    leftOut.length === 0 ? '' : `<exclusions>${leftOut.map(exclusion).join('')}</exclusions>`,
  ];
  return `<dependency>${fields.join('')}</dependency>`;
}

function exclusion(leftOut: string): string {
  const [group, name] = leftOut.split(':');
  return `<exclusion><groupId>${group}</groupId><artifactId>${name}</artifactId></exclusion>`;
}
