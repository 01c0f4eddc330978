import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { projectFile } from '../project-paths.ts';
import { type JarSet } from './server-jars.ts';

/** One jar that a server needs, exactly. */
export interface LockedJar {
  /** `group:artifact:version[:classifier]`. */
  readonly artifact: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** The committed list of a server's jars. `id` changes with any of them. */
export interface JarLock {
  readonly server: JarSet;
  readonly id: string;
  readonly jars: readonly LockedJar[];
}

export function lockFile(server: JarSet): string {
  return projectFile('jars', `${server}.json`);
}

export async function readLock(server: JarSet): Promise<JarLock> {
  const content = await readFile(lockFile(server), 'utf8');
  const { jars } = JSON.parse(content) as { jars: LockedJar[] };
  return { server, jars, id: lockId(jars) };
}

/** Twelve hex digits over artifacts and checksums, whatever their order. */
export function lockId(jars: readonly LockedJar[]): string {
  const lines = jars.map(({ artifact, sha256 }) => `${artifact} ${sha256}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 12);
}

/** The name of a jar's file: `artifact-version[-classifier].jar`. */
export function jarFileName({ artifact }: Pick<LockedJar, 'artifact'>): string {
  const [, name, version, classifier] = artifact.split(':');
  return `${name}-${version}${classifier === undefined ? '' : `-${classifier}`}.jar`;
}

/** What is wrong with a folder of jars, one sentence each; `found` holds what was measured per file name. */
export function lockViolations(
  jars: readonly LockedJar[],
  found: ReadonlyMap<string, { readonly bytes: number; readonly sha256?: string }>,
): string[] {
  return jars.flatMap((jar) => {
    const name = jarFileName(jar);
    const actual = found.get(name);
    if (actual === undefined) return [`${name} is missing`];
    if (actual.bytes !== jar.bytes) return [`${name} has ${actual.bytes} bytes instead of ${jar.bytes}`];
    if (actual.sha256 !== undefined && actual.sha256 !== jar.sha256)
      return [`${name} has the SHA-256 ${actual.sha256} instead of ${jar.sha256}`];
    return [];
  });
}
