import { execa } from 'execa';
import { resolve } from 'node:path';
import { type BuildRequest, buildArguments, type Engine, findEngine } from './engine.ts';

/** Root folder of the workspace: the build context. */
export const WORKSPACE = resolve(import.meta.dirname, '../../..');

const MISSING =
  'No container engine works here: install docker, podman or buildah (Debian: `sudo apt-get install buildah`).';

/** @throws Error that says what to install, when there is no engine. */
export async function requireEngine(): Promise<Engine> {
  const engine = await findEngine(
    async (command, args) => !(await execa(command, args, { reject: false })).failed,
  );
  if (engine === undefined) throw new Error(MISSING);
  return engine;
}

/** Builds one image and prints what the engine prints. @throws when the build fails. */
export async function buildImage(
  engine: Engine,
  request: Omit<BuildRequest, 'revision'>,
  environment: Record<string, string> = {},
): Promise<void> {
  const { stdout } = await execa('git', ['rev-parse', 'HEAD'], { cwd: WORKSPACE, reject: false });
  const args = buildArguments(engine, { ...request, revision: stdout || 'unknown' });
  await execa(engine, args, { cwd: WORKSPACE, stdio: 'inherit', env: environment });
}
