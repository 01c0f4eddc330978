import { type TagHost, type TagResponse, type TagStorage } from '../src/tag-host.ts';
import { uuidV7 } from '../src/uuid-v7.ts';

/** An event as the collector got it. */
export interface ReceivedEvent {
  readonly event_id: string;
  readonly event_type: string;
  readonly occurred_at: string;
  readonly sent_at: string;
  readonly [field: string]: unknown;
}

/** How a collector answers a request; nothing is a network that fails. */
export type Answer = (events: readonly ReceivedEvent[]) => TagResponse | undefined;

export const accepted: Answer = (events) => ({
  status: 202,
  retryAfterMs: undefined,
  body: { durability: 'kafka', results: events.map(({ event_id }) => ({ event_id, status: 'accepted' })) },
});

export const refusal =
  (status: number, retryAfterMs?: number): Answer =>
  () => ({ status, retryAfterMs, body: { code: 'x', message: 'y' } });

/** What tabs of one origin share: storage, the lock, the clock, the network and the collector behind it. */
export class MemoryBrowser {
  nowMs = Date.UTC(2026, 10, 22, 12);
  readonly stored = new Map<string, string>();
  readonly requests: (readonly ReceivedEvent[])[] = [];
  readonly beacons: (readonly ReceivedEvent[])[] = [];
  answer: Answer = accepted;
  beaconLimit = Number.POSITIVE_INFINITY;
  storageFails = false;
  /** What every draw gives, in [0, 1). */
  luck = 0.5;
  inLock = 0;
  mostInLock = 0;
  private lock: Promise<unknown> = Promise.resolve();

  openTab(): MemoryTagHost {
    return new MemoryTagHost(this);
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    const run = this.lock.then(async () => {
      this.mostInLock = Math.max(this.mostInLock, ++this.inLock);
      return work().finally(() => this.inLock--);
    });
    this.lock = run.catch(() => undefined);
    return run;
  }
}

export class MemoryTagHost implements TagHost {
  readonly timers: { readonly run: () => void; readonly at: number }[] = [];
  readonly storage: TagStorage;
  private readonly leaving: (() => void)[] = [];
  private readonly returning: ((reason: 'online' | 'visible') => void)[] = [];
  closed = false;

  constructor(private readonly browser: MemoryBrowser) {
    const { stored } = browser;
    this.storage = {
      keys: () => [...stored.keys()],
      get: (key) => stored.get(key) ?? null,
      set: (key, value) => {
        if (browser.storageFails) throw new Error('A storage must not throw, this one does');
        stored.set(key, value);
      },
      remove: (key) => stored.delete(key),
    };
  }

  now = (): number => this.browser.nowMs;
  random = (): number => this.browser.luck;
  uuid = (): string => uuidV7(this.now(), crypto.getRandomValues(new Uint8Array(16)));
  context = (): object => ({ page_url: 'https://shop.example/' });

  async send(body: string): Promise<TagResponse> {
    const events = JSON.parse(body) as ReceivedEvent[];
    this.browser.requests.push(events);
    const response = this.browser.answer(events);
    await Promise.resolve();
    // A page that is gone never reads the answer.
    if (this.closed) return new Promise(() => undefined);
    if (!response) throw new TypeError('Failed to fetch');
    return response;
  }

  beacon(body: string): boolean {
    if (body.length > this.browser.beaconLimit) return false;
    this.browser.beacons.push(JSON.parse(body) as ReceivedEvent[]);
    return true;
  }

  exclusively<T>(work: () => Promise<T>): Promise<T> {
    return this.browser.exclusively(work);
  }

  later(run: () => void, delayMs: number): void {
    this.timers.push({ run, at: this.now() + delayMs });
  }

  onLeave(run: () => void): void {
    this.leaving.push(run);
  }

  onReturn(run: (reason: 'online' | 'visible') => void): void {
    this.returning.push(run);
  }

  leave(): void {
    for (const run of this.leaving) run();
  }

  come(reason: 'online' | 'visible'): void {
    for (const run of this.returning) run(reason);
  }

  /** Lets time pass, timers run and everything under way end. */
  async pass(ms: number): Promise<void> {
    await settled();
    this.browser.nowMs += ms;
    for (const timer of this.timers.splice(0)) {
      if (timer.at <= this.now()) timer.run();
      else this.timers.push(timer);
    }
    await settled();
  }
}

/** Everything that was under way and needs no timer is over. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
