import { glob, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { lockFile, type LockedJar } from './jar-lock.ts';
import { copyDependencies } from './maven.ts';
import { writeMavenProject } from './maven-project.ts';
import { sha256Of } from './measure-jars.ts';
import { JAR_ROOTS, type JarSet, LEFT_OUT } from './server-jars.ts';

/** Resolves the roots of the sets with Maven and writes their lock files anew. Run it after a version has changed. */
export async function lockJars(sets: readonly JarSet[]): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'lock-jars-'));
  try {
    await writeMavenProject(
      work,
      sets.map((name) => ({
        name,
        artifacts: JAR_ROOTS[name],
        transitive: true,
        leftOut: LEFT_OUT[name] ?? [],
      })),
    );
    await copyDependencies({ projectFolder: work, layout: 'repository' });
    for (const server of sets) {
      const jars = await lockedJars(join(work, server, 'target', 'dependency'));
      await writeFile(lockFile(server), `${JSON.stringify({ roots: JAR_ROOTS[server], jars }, null, 2)}\n`);
    }
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function lockedJars(repository: string): Promise<LockedJar[]> {
  const paths: string[] = [];
  for await (const path of glob('**/*.jar', { cwd: repository })) paths.push(path);
  return Promise.all(
    paths.sort().map(async (path) => {
      const file = join(repository, path);
      return {
        artifact: artifactOfPath(path.split(sep).join('/')),
        sha256: await sha256Of(file),
        bytes: (await stat(file)).size,
      };
    }),
  );
}

/** `org/acme/lib/1.0/lib-1.0-linux.jar` → `org.acme:lib:1.0:linux`. */
export function artifactOfPath(path: string): string {
  const parts = path.split('/');
  const [artifact = '', version = '', file = ''] = parts.slice(-3);
  const group = parts.slice(0, -3).join('.');
  const classifier = file.slice(`${artifact}-${version}-`.length, -'.jar'.length);
  return [group, artifact, version, ...(classifier === '' ? [] : [classifier])].join(':');
}
