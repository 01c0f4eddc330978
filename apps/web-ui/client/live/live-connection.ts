import {
  type FeedState,
  LIVE_MESSAGES,
  type LiveFrame,
  type LiveSnapshot,
} from '../../src/protocol/live-protocol.ts';
import { type LiveStatus } from '../i18n/messages.ts';

/** Server-sent events, as far as they are needed; `EventSource` is one. */
export interface LiveSource {
  addEventListener(type: string, listener: (message: { data?: unknown; lastEventId?: string }) => void): void;
  close(): void;
  /** 2 when the browser has given up. */
  readonly readyState: number;
}

export interface LiveConnectionHost {
  open(url: string): LiveSource;
  getSnapshot(): Promise<LiveSnapshot>;
  later(run: () => void, delayMs: number): () => void;
}

export interface LiveListener {
  onSnapshot(snapshot: LiveSnapshot): void;
  onFrame(frame: LiveFrame): void;
  onStatus(status: LiveStatus): void;
}

const GAVE_UP = 2;
const POLL_MS = 4_000;
const STATUS: Readonly<Record<FeedState, LiveStatus>> = { live: 'live', waiting: 'waiting' };

/**
 * Keeps a page on the live feed. The browser itself reconnects with `Last-Event-ID`; when it gives up (a proxy that
 * forbids streams, a full server), the state is polled until a stream opens again. A page that is not seen holds no
 * connection, of which a browser has six per server; it comes back with its position.
 */
export class LiveConnection {
  private source: LiveSource | undefined;
  private cancelPoll: (() => void) | undefined;
  private position = '';
  private wanted = false;

  constructor(
    private readonly host: LiveConnectionHost,
    private readonly listener: LiveListener,
  ) {}

  start(): void {
    this.wanted = true;
    if (!this.source && !this.cancelPoll) this.open();
  }

  stop(): void {
    this.wanted = false;
    this.close();
    this.cancelPoll?.();
    this.cancelPoll = undefined;
  }

  private open(): void {
    const after = this.position === '' ? '' : `?after=${encodeURIComponent(this.position)}`;
    const source = (this.source = this.host.open(`/v1/live${after}`));
    this.on(source, LIVE_MESSAGES.snapshot, (snapshot: LiveSnapshot) => {
      this.listener.onSnapshot(snapshot);
      this.listener.onStatus(STATUS[snapshot.feed]);
    });
    this.on(source, LIVE_MESSAGES.feed, ({ feed }: Pick<LiveSnapshot, 'feed'>) => {
      this.listener.onStatus(STATUS[feed]);
    });
    this.on(source, LIVE_MESSAGES.frame, (frame: LiveFrame) => this.listener.onFrame(frame));
    source.addEventListener('error', () => this.failed(source));
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
  }

  private on<T>(source: LiveSource, type: string, listener: (payload: T) => void): void {
    source.addEventListener(type, ({ data, lastEventId }) => {
      if (source !== this.source) return;
      if (lastEventId) this.position = lastEventId;
      listener(JSON.parse(String(data)) as T);
    });
  }

  private failed(source: LiveSource): void {
    if (source !== this.source) return;
    if (source.readyState !== GAVE_UP) {
      this.listener.onStatus('connecting');
      return;
    }
    this.close();
    void this.poll();
  }

  /** A polled state is ahead of `position`, so the next stream starts with a snapshot of its own. */
  private async poll(): Promise<void> {
    const snapshot = await this.host.getSnapshot().catch(() => undefined);
    if (!this.wanted) return;
    this.position = '';
    if (snapshot) this.listener.onSnapshot(snapshot);
    this.listener.onStatus(snapshot ? 'polling' : 'offline');
    this.cancelPoll = this.host.later(() => {
      this.cancelPoll = undefined;
      this.open();
    }, POLL_MS);
  }
}
