import { setTimeout as pause } from 'node:timers/promises';
import { cpuSeconds } from '../../support/cpu-seconds.ts';

const LOOK_EVERY_MS = 5;
/** What an idle process saves up, at most: the period of Linux's own quota. */
const PERIOD_SECONDS = 0.1;

/**
 * Holds a process to a share of one processor, as the quota of a container's CPU limit does: it is stopped while all its
 * threads together have used more than they may. Needs no privilege.
 */
export class CpuShare {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;

  constructor(
    private readonly pid: number,
    private readonly share: number,
  ) {
    this.running = this.run();
  }

  /** It may run all the time again. */
  async lift(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      let used = await cpuSeconds(this.pid);
      let atMs = performance.now();
      let mayUse = 0;
      while (!this.stopping.signal.aborted) {
        await pause(LOOK_EVERY_MS);
        const usedNow = await cpuSeconds(this.pid);
        const nowMs = performance.now();
        mayUse = Math.min(mayUse + ((nowMs - atMs) / 1_000) * this.share, PERIOD_SECONDS * this.share);
        mayUse -= usedNow - used;
        process.kill(this.pid, mayUse > 0 ? 'SIGCONT' : 'SIGSTOP');
        [used, atMs] = [usedNow, nowMs];
      }
      process.kill(this.pid, 'SIGCONT');
    } catch (error) {
      if (!hasEnded(error)) throw error;
    }
  }
}

function hasEnded(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ESRCH' || code === 'ENOENT';
}
