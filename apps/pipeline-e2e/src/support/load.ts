import { setTimeout as pause } from 'node:timers/promises';
import { colorClicks } from './color-click.ts';
import { acknowledgedIds, sendEvents } from './send-events.ts';

const CLIENTS = 2;
const PER_REQUEST = 10;
/** Between two requests of a client: some hundred events per second in all, whatever the machine could do. */
const PACE_MS = 50;

/** A page that never stops clicking. Requests that fail are simply not acknowledged. */
export class Load {
  readonly acknowledged: string[] = [];
  private readonly stopping = new AbortController();
  private readonly running: Promise<unknown>;

  constructor(private readonly collector: { readonly url: string }) {
    this.running = Promise.all(Array.from({ length: CLIENTS }, () => this.click()));
  }

  /** Resolves with the acknowledged ids when the last request has been answered. */
  async stop(): Promise<readonly string[]> {
    this.stopping.abort();
    await this.running;
    return this.acknowledged;
  }

  private async click(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const answer = await sendEvents(this.collector, colorClicks(PER_REQUEST));
        this.acknowledged.push(...acknowledgedIds(answer));
        await pause(PACE_MS);
      } catch {
        // The collector is gone: nothing was acknowledged, and nobody is to click any more.
        return;
      }
    }
  }
}
