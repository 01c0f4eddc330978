import { execa } from 'execa';
import { readFile } from 'node:fs/promises';

/**
 * Tells a running process from a later one with the same id: its start time, as the system writes it.
 * @returns undefined when no such process runs.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform !== 'linux') return ps('lstart', pid);
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command in parentheses and may hold spaces; the state is the third, the start the 22nd.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

/** Memory that is resident, in bytes, summed over the processes that still run. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const sizes = await Promise.all(pids.map(residentBytesOf));
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

async function residentBytesOf(pid: number): Promise<number> {
  if (process.platform !== 'linux') return Number((await ps('rss', pid)) ?? 0) * 1_024;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}

async function ps(column: 'lstart' | 'rss', pid: number): Promise<string | undefined> {
  const { stdout, failed } = await execa('ps', ['-o', `${column}=`, '-p', String(pid)], { reject: false });
  return failed || stdout.trim() === '' ? undefined : stdout.trim();
}
