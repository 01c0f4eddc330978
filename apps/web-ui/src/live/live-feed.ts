import { parseInstant } from '@pipeline/event-schema';
import { FrameRing } from './frame-ring.ts';
import {
  type FeedState,
  LIVE_MESSAGES,
  LIVE_WINDOW_SECONDS,
  type LiveEvent,
  type LiveFrame,
  type LiveSnapshot,
  MAX_SHOWN_EVENTS,
} from '../protocol/live-protocol.ts';
import { type PageViewed } from './live-event.ts';
import { SecondCounts } from './second-counts.ts';
import { type LiveSubscriber, type Subscribers } from './subscribers.ts';

export interface LiveFeedOptions {
  /** Names this process; positions of another one mean nothing here. No `:`. */
  readonly instance: string;
  readonly frameIntervalMs: number;
  readonly heartbeatMs: number;
  readonly ringMaxBytes: number;
  readonly subscriberMaxBytes: number;
}

const RECONNECT_MS = 1_000;

/**
 * Turns the clicks of all partitions into frames and pushes them. A lone click goes out at once; while clicks keep
 * coming there is one frame per `frameIntervalMs`, serialised once for everybody.
 *
 * Positions are `<instance>:<frame>`. Who comes back to the same process gets every missed frame that is still kept;
 * anybody else gets a snapshot, which says from when its counts are complete.
 */
export class LiveFeed {
  private readonly ring: FrameRing;
  private readonly window = new SecondCounts();
  private pending = new SecondCounts();
  private pendingEvents: readonly LiveEvent[] = [];
  private latest: readonly LiveEvent[] = [];
  private sequence = 0;
  private nextFrameAt = 0;
  private frameTimer: NodeJS.Timeout | undefined;
  private readonly heartbeat: NodeJS.Timeout;
  private state: FeedState = 'waiting';
  private completeSince: number | null = null;
  private closed = false;

  constructor(
    private readonly options: LiveFeedOptions,
    private readonly subscribers: Subscribers,
  ) {
    this.ring = new FrameRing(options.ringMaxBytes);
    this.heartbeat = setInterval(() => this.subscribers.send(SSE_HEARTBEAT), options.heartbeatMs).unref();
  }

  /** Counts the picks; they are on their way within one frame interval. */
  accept(events: readonly LiveEvent[]): void {
    if (this.closed || events.length === 0) return;
    const oldest = oldestSecond();
    for (const { occurred_at, color_name, is_bot = false } of events) {
      const second = secondOf(occurred_at);
      if (second >= oldest) this.pending.add(second, is_bot, color_name);
    }
    this.pendingEvents = newest(this.pendingEvents, events);
    this.scheduleFrame();
  }

  /** Counts page views by the times at which they occurred. */
  acceptViews(views: readonly PageViewed[]): void {
    if (this.closed || views.length === 0) return;
    const oldest = oldestSecond();
    for (const { occurred_at, is_bot = false } of views) {
      const second = secondOf(occurred_at);
      if (second >= oldest) this.pending.add(second, is_bot);
    }
    this.scheduleFrame();
  }

  /** Tells everybody whether clicks reach this process. Counts are complete from the first time they do. */
  setState(state: FeedState): void {
    if (state === 'live') this.completeSince ??= Math.ceil(Date.now() / 1_000);
    if (state === this.state) return;
    this.state = state;
    this.subscribers.send(this.stateMessage());
  }

  /** Makes room for one more connection of this client, where that is fair. @returns whether it may be opened. */
  admits(client: string): boolean {
    return !this.closed && this.subscribers.makeRoomFor(client);
  }

  /** The subscriber gets what it missed, or a snapshot, and then every frame. */
  subscribe(subscriber: LiveSubscriber, position?: string): void {
    const missed = this.missedFrames(position);
    const opening = missed ? [this.stateMessage(), ...missed] : [this.snapshotMessage()];
    this.subscribers.add(subscriber);
    this.subscribers.sendTo(subscriber, Buffer.concat([sseRetry(RECONNECT_MS), ...opening]));
  }

  unsubscribe(subscriber: LiveSubscriber): void {
    this.subscribers.remove(subscriber);
  }

  /** What all frames so far add up to; clicks that wait for the next frame are in neither. */
  snapshot(): LiveSnapshot {
    this.window.dropBefore(oldestSecond());
    return {
      completeSince: this.completeSince,
      feed: this.state,
      now: Date.now(),
      counts: this.window.list(),
      events: this.latest,
    };
  }

  /** Ends every connection; browsers come back to whoever serves them next. */
  close(): void {
    this.closed = true;
    clearInterval(this.heartbeat);
    clearTimeout(this.frameTimer);
    this.subscribers.endAll();
  }

  private scheduleFrame(): void {
    this.frameTimer ??= setTimeout(() => this.pushFrame(), Math.max(0, this.nextFrameAt - Date.now()));
  }

  private pushFrame(): void {
    this.frameTimer = undefined;
    this.nextFrameAt = Date.now() + this.options.frameIntervalMs;
    const frame: LiveFrame = { counts: this.pending.list(), events: this.pendingEvents };
    this.pending = new SecondCounts();
    this.pendingEvents = [];
    this.window.merge(frame.counts);
    this.window.dropBefore(oldestSecond());
    this.latest = newest(this.latest, frame.events);
    const message = sseMessage(LIVE_MESSAGES.frame, frame, this.position(++this.sequence));
    this.ring.push(this.sequence, message);
    this.subscribers.send(message);
  }

  private snapshotMessage(): Buffer {
    return sseMessage(LIVE_MESSAGES.snapshot, this.snapshot(), this.position(this.sequence));
  }

  private stateMessage(): Buffer {
    return sseMessage(LIVE_MESSAGES.feed, { feed: this.state });
  }

  private missedFrames(position: string | undefined): Buffer[] | undefined {
    const [instance, sequence] = position?.split(':') ?? [];
    if (instance !== this.options.instance || !/^\d{1,15}$/.test(sequence ?? '')) return undefined;
    const frames = this.ring.after(Number(sequence));
    const bytes = frames?.reduce((sum, { length }) => sum + length, 0) ?? 0;
    return bytes > this.options.subscriberMaxBytes / 2 ? undefined : frames;
  }

  private position(sequence: number): string {
    return `${this.options.instance}:${sequence}`;
  }
}

function secondOf(instant: string): number {
  return Math.floor(parseInstant(instant) / 1_000);
}

function oldestSecond(): number {
  return Math.floor(Date.now() / 1_000) - LIVE_WINDOW_SECONDS;
}

function newest(before: readonly LiveEvent[], added: readonly LiveEvent[]): readonly LiveEvent[] {
  return [...before, ...added.slice(-MAX_SHOWN_EVENTS)].slice(-MAX_SHOWN_EVENTS);
}

/** The bytes of one server-sent event; `payload` becomes one line of JSON. */
function sseMessage(event: string, payload: unknown, id?: string): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${idLine}event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`);
}

/** A comment: keeps proxies from closing a silent connection. */
const SSE_HEARTBEAT = Buffer.from(': heartbeat\n\n');

/** How long a browser waits before it connects again. */
function sseRetry(ms: number): Buffer {
  return Buffer.from(`retry: ${ms}\n\n`);
}
