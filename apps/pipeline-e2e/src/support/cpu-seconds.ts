import { readFile } from 'node:fs/promises';

/** `USER_HZ`: the unit of /proc/<pid>/stat, 100 on every Linux. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used so far, its threads included. Linux only. */
export async function cpuSeconds(pid: number): Promise<number> {
  return parseCpuSeconds(await readFile(`/proc/${pid}/stat`, 'utf8'));
}

/** The 14th and 15th field: user and system ticks. The second field may hold blanks and parentheses. */
export function parseCpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
