import { execFile } from 'node:child_process';
import { cpus, platform, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { serverVersions } from '@pipeline/local-stack';

/** Where and on what the drills ran. */
export interface Machine {
  readonly processors: string;
  readonly memoryGib: number;
  readonly system: string;
  readonly node: string;
  /** Names and versions. */
  readonly servers: string;
  readonly commit: string;
}

export async function machine(): Promise<Machine> {
  const [first] = cpus();
  return {
    processors: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memoryGib: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
    servers: serverVersions(),
    commit: await commit(),
  };
}

async function commit(): Promise<string> {
  const asked = promisify(execFile)('git', ['describe', '--always', '--dirty']);
  return asked.then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}
