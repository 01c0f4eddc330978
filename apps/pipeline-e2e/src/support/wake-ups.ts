import { readFile } from 'node:fs/promises';

/** How often the main thread of a process has gone to sleep so far, which is as often as it was woken. Linux only. */
export async function wakeUps(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, count] = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status) ?? [];
  if (count === undefined) throw new Error(`No count of context switches for process ${pid}`);
  return Number(count);
}
