import { LATENCY_SECONDS, type Logger, metricsIn } from '@pipeline/observability';

export const liveMetrics = metricsIn(({ counter, gauge, histogram }) => ({
  events: counter('live_events_total', 'Events that reached the live feed'),
  delaySeconds: histogram(
    'live_delay_seconds',
    'From the time the broker appended a record to the live feed, newest record of a batch',
    LATENCY_SECONDS,
  ),
  subscribers: gauge('live_subscribers', 'Open connections to the live feed'),
  subscribersDropped: counter('live_subscribers_dropped_total', 'Connections cut for being too slow'),
  subscribersDisplaced: counter(
    'live_subscribers_displaced_total',
    'Connections ended because their client had the most places and another client had none left',
  ),
}));

export type LiveMetrics = ReturnType<typeof liveMetrics>;

/** One reader of the live feed. */
export interface LiveSubscriber {
  /** What shares the places as one. */
  readonly client: string;
  /**
   * Takes the bytes, or answers false when too much is still unsent: the caller then drops the subscriber. Never
   * waits and never holds more than its bound.
   */
  offer(chunk: Buffer): boolean;
  /** Ends the connection in order. */
  end(): void;
  /** Cuts the connection and frees what is unsent. */
  drop(): void;
}

/**
 * All subscribers of now, on a bounded number of places. While there is room, one client may have as many as it likes;
 * when there is none, the client with the most places gives one to a client with fewer. A reader that does not keep up is
 * dropped; it comes back with its position.
 */
export class Subscribers {
  /** In the order in which they came. */
  private readonly open = new Set<LiveSubscriber>();

  constructor(
    private readonly maxSubscribers: number,
    private readonly metrics: LiveMetrics,
    private readonly logger: Logger,
  ) {}

  get size(): number {
    return this.open.size;
  }

  /** Makes room for one more subscriber of this client. @returns false if all places are shared as fairly without it. */
  makeRoomFor(client: string): boolean {
    if (this.open.size < this.maxSubscribers) return true;
    const places = new Map<string, number>();
    for (const { client: holder } of this.open) places.set(holder, (places.get(holder) ?? 0) + 1);
    const [richest, most] = [...places].reduce((a, b) => (b[1] > a[1] ? b : a));
    if (most <= (places.get(client) ?? 0) + 1) return false;
    const newest = [...this.open].findLast(({ client: holder }) => holder === richest)!;
    newest.end();
    this.remove(newest);
    this.metrics.subscribersDisplaced.inc();
    return true;
  }

  add(subscriber: LiveSubscriber): void {
    this.open.add(subscriber);
    this.metrics.subscribers.set(this.open.size);
  }

  remove(subscriber: LiveSubscriber): void {
    this.open.delete(subscriber);
    this.metrics.subscribers.set(this.open.size);
  }

  send(chunk: Buffer): void {
    for (const subscriber of this.open) this.sendTo(subscriber, chunk);
  }

  sendTo(subscriber: LiveSubscriber, chunk: Buffer): void {
    if (!subscriber.offer(chunk)) this.drop(subscriber);
  }

  endAll(): void {
    for (const subscriber of this.open) {
      subscriber.end();
      this.remove(subscriber);
    }
  }

  private drop(subscriber: LiveSubscriber): void {
    subscriber.drop();
    this.remove(subscriber);
    this.metrics.subscribersDropped.inc();
    this.logger.info({ subscribers: this.open.size }, 'slow subscriber dropped');
  }
}
