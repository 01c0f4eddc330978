import { deliveryOutcome, type EventResult } from './delivery-outcome.ts';
import { EventQueue, type QueuedEvent } from './event-queue.ts';
import { RetryState } from './retry-state.ts';
import { type TagHost } from './tag-host.ts';

export interface TagListener {
  /** The collector settled events. */
  onResults?(results: readonly EventResult[]): void;
  /** An attempt failed; the events are kept and sent later. */
  onDelay?(): void;
}

const MAX_BATCH_EVENTS = 50;
/** Browsers refuse keepalive requests and beacons above 64 KiB under way; half of it leaves room for both. */
const MAX_BATCH_BYTES = 32_768;
const MAX_EVENT_CHARACTERS = 16_384;

/**
 * Takes events from a page and brings each to the collector, whatever happens to the page in between: an event is in
 * storage before `track` returns, and leaves it only when the collector has settled it. What is sent twice has the
 * same id and counts once. Never throws into the page and never makes it wait.
 */
export class Tag {
  private readonly queue: EventQueue;
  private readonly retry: RetryState;
  /** Events of this tab that no request has carried yet. */
  private readonly unsent = new Set<string>();
  private draining = false;
  private wanted = false;
  private timerSet = false;
  private batchEvents = MAX_BATCH_EVENTS;

  constructor(
    private readonly host: TagHost,
    private readonly listener: TagListener = {},
  ) {
    this.queue = new EventQueue(host.storage);
    this.retry = new RetryState(host);
    host.onLeave(() => this.leave());
    host.onReturn((reason) => {
      if (reason === 'online') this.retry.online();
      this.wake();
    });
    this.wake();
  }

  /** Queues an event and starts delivery. Returns its id, or nothing when it could not be taken. */
  track(type: string, fields: Readonly<Record<string, unknown>> = {}): string | undefined {
    try {
      const id = this.host.uuid();
      const occurred_at = new Date(this.host.now()).toISOString();
      const known = { event_id: id, event_type: type, schema_version: 1, occurred_at };
      const json = wellFormed(JSON.stringify({ ...fields, ...this.host.context(), ...known }));
      if (json.length > MAX_EVENT_CHARACTERS) return undefined;
      this.queue.add({ id, json });
      this.unsent.add(id);
      this.wake();
      return id;
    } catch {
      return undefined;
    }
  }

  /** Events that are not settled, those of other tabs included. */
  get pending(): number {
    return this.queue.ids().length;
  }

  private wake(): void {
    this.wanted = true;
    if (this.draining) return;
    this.draining = true;
    void this.drain();
  }

  private async drain(): Promise<void> {
    try {
      while (this.wanted) {
        this.wanted = false;
        if (this.queue.ids().length === 0) continue;
        const waitMs = this.retry.waitMs();
        if (waitMs > 0) this.wakeLater(waitMs);
        else this.wanted = (await this.host.exclusively(() => this.sendBatch())) || this.wanted;
      }
    } catch {
      this.failed(undefined);
      this.wakeLater(this.retry.waitMs());
    } finally {
      // In the same turn as the last look at `wanted`: a wake in between would be lost.
      this.draining = false;
    }
  }

  private wakeLater(delayMs: number): void {
    if (this.timerSet) return;
    this.timerSet = true;
    this.host.later(() => {
      this.timerSet = false;
      this.wake();
    }, delayMs);
  }

  /** Whether there may be more to do. The queue and the wait are read again: another tab had the lock until now. */
  private async sendBatch(): Promise<boolean> {
    const batch = this.next(this.queue.ids(), this.batchEvents);
    if (batch.length === 0) return false;
    if (this.retry.waitMs() > 0) return true;
    const ids = batch.map(({ id }) => id);
    for (const id of ids) this.unsent.delete(id);
    const response = await this.host.send(this.body(batch)).catch(() => undefined);
    if (!response) return this.failed(undefined);
    const outcome = deliveryOutcome(response, ids);
    switch (outcome.kind) {
      case 'settled':
        this.settle(outcome.results);
        return true;
      case 'unacceptable':
        this.split(batch);
        return true;
      case 'later':
        return this.failed(outcome.retryAfterMs);
    }
  }

  private settle(results: readonly EventResult[]): void {
    this.queue.remove(results.map(({ id }) => id));
    this.retry.succeeded();
    this.batchEvents = MAX_BATCH_EVENTS;
    this.listener.onResults?.(results);
  }

  /** Halves what nobody takes until the event at fault is alone; that one is given up. */
  private split(batch: readonly QueuedEvent[]): void {
    this.batchEvents = Math.max(1, batch.length >> 1);
    const [only, ...others] = batch;
    if (!only || others.length > 0) return;
    this.settle([{ id: only.id, status: 'rejected', code: undefined }]);
  }

  private failed(retryAfterMs: number | undefined): true {
    this.retry.failed(retryAfterMs);
    this.listener.onDelay?.();
    return true;
  }

  /**
   * The last chance of this page. The events stay queued, since a beacon tells nobody whether it arrived; the next
   * page sends them again under the same ids.
   */
  private leave(): void {
    if (this.retry.waitMs() > 0) return;
    let events = MAX_BATCH_EVENTS;
    while (this.unsent.size > 0) {
      const batch = this.next([...this.unsent], events);
      const body = this.body(batch);
      const carried = batch.length === 0 || this.host.beacon(body);
      if (!carried && batch.length > 1) {
        events = batch.length >> 1;
        continue;
      }
      if (!carried) this.host.send(body).catch(() => undefined);
      // Nothing left to take means that another tab has settled the rest.
      if (batch.length === 0) this.unsent.clear();
      for (const { id } of batch) this.unsent.delete(id);
    }
  }

  private next(ids: readonly string[], events: number): QueuedEvent[] {
    return this.queue.take(ids, { events, bytes: MAX_BATCH_BYTES, now: this.host.now() });
  }

  /** `sent_at` lets the collector correct a clock that is wrong. */
  private body(batch: readonly QueuedEvent[]): string {
    const stamp = `,"sent_at":"${new Date(this.host.now()).toISOString()}"}`;
    return `[${batch.map(({ json }) => json.slice(0, -1) + stamp).join()}]`;
  }
}

/** Half of a surrogate pair, as `slice` leaves it, becomes U+FFFD: the collector refuses an event that holds one. */
function wellFormed(json: string): string {
  return json.replace(/\\(ud...|.)/g, (escape, { length }: string) => (length > 1 ? '\ufffd' : escape));
}
