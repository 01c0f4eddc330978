import { readFile, writeFile } from 'node:fs/promises';

/** The most resident memory of a process since `start`, in bytes above what it had then. Linux only. */
export async function watchMemory(pid: number): Promise<() => Promise<number>> {
  // Sets the peak back to the present. Source: proc_pid_clear_refs(5).
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await residentBytes(pid);
  return async () => (await statusBytes(pid, 'VmHWM')) - before;
}

/** What a process holds now, in bytes. Linux only. */
export function residentBytes(pid: number): Promise<number> {
  return statusBytes(pid, 'VmRSS');
}

async function statusBytes(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1_024;
}
