import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/** What a wake-up costs is the machine's; how many there are is ours. A loop of timers shows as a thousand a second. */
export const MOST_IDLE_WAKE_UPS_PER_SECOND = 40;

const WINDOW_S = 15;

/** How often the main thread of each process is woken, per second, over a quarter of a minute. Linux only. */
export async function wakeUpRates(
  apps: readonly { readonly name: string; readonly pid: number | undefined }[],
): Promise<number[]> {
  const counts = () => Promise.all(apps.map(sleeps));
  const before = await counts();
  await pause(WINDOW_S * 1_000);
  const after = await counts();
  return after.map((count, index) => (count - before[index]!) / WINDOW_S);
}

/** How often it has gone to sleep so far, which is as often as it was woken. */
async function sleeps({
  name,
  pid,
}: {
  readonly name: string;
  readonly pid: number | undefined;
}): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, count] = /^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status) ?? [];
  if (count === undefined) throw new Error(`No count of context switches for ${name}`);
  return Number(count);
}
