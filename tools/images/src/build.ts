import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
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

export interface BuildSurroundings {
  /** Variables that the engine gets beside those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the engine's output goes; default: where this process prints. */
  readonly logFile?: string;
}

/** Builds one image. @throws when the build fails. */
export async function buildImage(
  engine: Engine,
  request: Omit<BuildRequest, 'revision' | 'version'>,
  { environment, logFile }: BuildSurroundings = {},
): Promise<void> {
  const { stdout: revision } = await execa('git', ['rev-parse', 'HEAD'], { cwd: WORKSPACE, reject: false });
  const args = buildArguments(engine, { ...request, version: version(), revision: revision || 'unknown' });
  const output = logFile === undefined ? 'inherit' : { file: logFile };
  await execa(engine, args, {
    cwd: WORKSPACE,
    stdin: 'ignore',
    stdout: output,
    stderr: output,
    env: { ...environment },
  });
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}
