import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { processCost } from './process-cost.ts';

const WINDOW_MS = 250;
/** Of a window, all processes together: what Kafka and a store need while nobody asks anything of them, and a bit. */
const BUSY_SECONDS = 0.05;
const LONGEST_MS = 20_000;

/**
 * Waits until what was written is on the disk and these processes are idle: files that are written back, what is
 * compiled and what is merged belong to what came before, not to what is measured next. At most 20 seconds.
 */
export async function comeToRest(pids: readonly number[]): Promise<void> {
  await promisify(execFile)('sync');
  const spent = () => pids.reduce((sum, pid) => sum + processCost(pid).cpuSeconds, 0);
  const deadline = performance.now() + LONGEST_MS;
  for (let before = spent(); performance.now() < deadline;) {
    await wait(WINDOW_MS);
    const after = spent();
    if (after - before <= BUSY_SECONDS) return;
    before = after;
  }
}
