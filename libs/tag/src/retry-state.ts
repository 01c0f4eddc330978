import { type TagHost } from './tag-host.ts';

interface Retry {
  readonly failures: number;
  readonly notBefore: number;
  /** Whether the collector itself asked for the wait. */
  readonly asked: boolean;
}

const KEY = 'pipeline.retry';
const BASE_MS = 1_000;
const CAP_MS = 60_000;
const NONE: Retry = { failures: 0, notBefore: 0, asked: false };

/**
 * When the next attempt may be made; shared by all tabs. Waits double up to a minute and are drawn from the whole
 * interval, so that the visitors of a collector that comes back do not arrive together; `Retry-After` is the least.
 */
export class RetryState {
  constructor(private readonly host: TagHost) {}

  /** Milliseconds still to wait; 0 when an attempt may be made. */
  waitMs(): number {
    // A clock that was set back must not stop delivery for longer than a wait can be.
    return Math.min(Math.max(0, this.read().notBefore - this.host.now()), 10 * CAP_MS);
  }

  failed(retryAfterMs: number | undefined): void {
    const { failures } = this.read();
    const jittered = this.host.random() * Math.min(CAP_MS, BASE_MS * 2 ** failures);
    const notBefore = this.host.now() + (retryAfterMs ?? 0) + jittered;
    this.write({ failures: Math.min(failures + 1, 10), notBefore, asked: retryAfterMs !== undefined });
  }

  succeeded(): void {
    this.host.storage.remove(KEY);
  }

  /** The network is back: waits of our own end, a wait that the collector asked for does not. */
  online(): void {
    const retry = this.read();
    if (!retry.asked) this.write({ ...retry, notBefore: 0 });
  }

  private read(): Retry {
    try {
      return { ...NONE, ...(JSON.parse(this.host.storage.get(KEY) ?? '{}') as Partial<Retry>) };
    } catch {
      return NONE;
    }
  }

  private write(retry: Retry): void {
    this.host.storage.set(KEY, JSON.stringify(retry));
  }
}
