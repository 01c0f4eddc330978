import { setTimeout as pause } from 'node:timers/promises';

/** Short beside a round trip to a store that is far, so that the share is the limit and not the wait for the next period. */
const PERIOD_MS = 20;

/**
 * Lets a process run for a share of the time, as the quota of a container's CPU limit does: it runs, and is stopped for the
 * rest of each period. Needs no privilege.
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
      while (!this.stopping.signal.aborted) {
        await pause(PERIOD_MS * this.share);
        process.kill(this.pid, 'SIGSTOP');
        await pause(PERIOD_MS * (1 - this.share));
        process.kill(this.pid, 'SIGCONT');
      }
    } catch (error) {
      // It has ended.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
