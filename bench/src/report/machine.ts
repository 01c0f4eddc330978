import { execFile } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { serverVersions } from '@pipeline/local-stack';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  /** Names and versions. */
  readonly servers: string;
  readonly commit: string;
  /** Of the last minute; what else runs makes figures smaller and ratios rougher. */
  readonly loadBefore: string;
}

export async function machine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    servers: serverVersions(),
    commit: await commit(),
    loadBefore: loadavg()[0]!.toFixed(1),
  };
}

async function commit(): Promise<string> {
  const asked = promisify(execFile)('git', ['describe', '--always', '--dirty']);
  return asked.then(
    ({ stdout }) => stdout.trim(),
    () => 'unknown',
  );
}
