import { setTimeout as pause } from 'node:timers/promises';
import { type Outlet } from './outlet.ts';

const TICK_MS = 20;
/** A store that does not answer must not pile up requests here. */
const MOST_IN_FLIGHT = 32;

export interface LoadOptions<T> {
  readonly outlet: Outlet<T>;
  readonly eventsPerSecond: number;
  readonly nextEvent: () => T;
  /** Most events of one call of the outlet; default: all that are due. */
  readonly perCall?: number;
}

/** Events at a steady rate until `stop()`. What is not acknowledged is not sent again: nobody was promised anything. */
export class Load<T> {
  readonly acknowledged: string[] = [];
  sent = 0;
  private readonly stopping = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly running: Promise<void>;

  constructor(private readonly options: LoadOptions<T>) {
    this.running = this.run();
  }

  /** Resolves when the last call has been answered. Safe to call again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await Promise.all(this.inFlight);
  }

  private async run(): Promise<void> {
    const { eventsPerSecond, perCall = Infinity } = this.options;
    let lastMs = performance.now();
    let due = 0;
    while (!this.stopping.signal.aborted) {
      const nowMs = performance.now();
      // A pause of this process is no reason for a burst.
      due += (Math.min(nowMs - lastMs, 200) / 1_000) * eventsPerSecond;
      lastMs = nowMs;
      for (; due >= 1 && this.inFlight.size < MOST_IN_FLIGHT; due -= Math.min(perCall, Math.floor(due))) {
        this.send(Math.min(perCall, Math.floor(due)));
      }
      if (this.inFlight.size >= MOST_IN_FLIGHT) due = 0;
      await pause(TICK_MS);
    }
  }

  private send(count: number): void {
    const events = Array.from({ length: count }, () => this.options.nextEvent());
    this.sent += count;
    const call = this.options.outlet
      .send(events)
      .then((ids) => {
        for (const id of ids) this.acknowledged.push(id);
      })
      .finally(() => this.inFlight.delete(call));
    this.inFlight.add(call);
  }
}
