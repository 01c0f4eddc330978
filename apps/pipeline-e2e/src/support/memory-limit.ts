import { randomUUID } from 'node:crypto';
import { access, mkdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { residentBytes, watchMemory } from './memory-peak.ts';

export interface MemoryLimit {
  /** Whether the kernel ends the process that passes the limit; else the most that it took has to be looked at. */
  readonly isEnforced: boolean;
  /** The most resident memory since, in bytes. */
  readonly peakBytes: () => Promise<number>;
  /** The process may take what it likes again. */
  readonly lift: () => Promise<void>;
}

const V1 = '/sys/fs/cgroup/memory';
const V2 = '/sys/fs/cgroup';

/**
 * Puts a process that runs into a memory cgroup, as Kubernetes does with its limit: what it takes from now on and has
 * already may not pass `bytes`. Needs root and Linux; elsewhere nothing is enforced.
 */
export async function limitMemory(pid: number, bytes: number): Promise<MemoryLimit> {
  const before = await residentBytes(pid);
  const grown = await watchMemory(pid);
  const peakBytes = async (): Promise<number> => before + (await grown());
  // What it holds is charged to where it came from, so only the rest is left to it.
  const group = await cgroup(pid, bytes - before).catch(() => undefined);
  return {
    isEnforced: group !== undefined,
    peakBytes,
    lift: async () => {
      if (group === undefined) return;
      // Where it has not ended meanwhile: a group with a process in it stays.
      await writeFile(join(dirname(group), 'cgroup.procs'), String(pid)).catch(() => undefined);
      await rmdir(group).catch(() => undefined);
    },
  };
}

async function cgroup(pid: number, bytes: number): Promise<string> {
  const isV1 = await access(V1).then(
    () => true,
    () => false,
  );
  const group = `${isV1 ? V1 : V2}/pipeline-${randomUUID().slice(0, 8)}`;
  await mkdir(group);
  await writeFile(`${group}/${isV1 ? 'memory.limit_in_bytes' : 'memory.max'}`, String(bytes));
  await writeFile(`${group}/cgroup.procs`, String(pid));
  return group;
}
