import { type LiveEvent } from '../../src/protocol/live-protocol.ts';
import { getJson } from '../get-json.ts';
import { HistoryLoader, type HistoryState, NO_HISTORY } from '../history/history-loader.ts';
import { type Question } from '../history/range.ts';
import { type LiveStatus } from '../i18n/messages.ts';
import { Store } from '../store.ts';
import { browserLiveHost } from './browser-live-host.ts';
import { LiveConnection } from './live-connection.ts';
import { applyFrame, applySnapshot, EMPTY_LIVE_STATE, type LiveState, withEvents } from './live-state.ts';

/** How long after a new beginning the history knows what was missed around it. */
const CATCH_UP_MS = 7_000;

/** Everything a page shows of other people's clicks: the live feed and the history of one range, as stores. */
export class LiveView {
  readonly live = new Store<LiveState>(EMPTY_LIVE_STATE);
  readonly status = new Store<LiveStatus>('connecting');
  readonly history = new Store<HistoryState>(NO_HISTORY);
  private readonly connection: LiveConnection;
  private readonly loader = new HistoryLoader(this.history, () => this.serverNow());
  private question: Question;
  private begun = false;
  private running = false;

  constructor(question: Question) {
    this.question = question;
    this.connection = new LiveConnection(browserLiveHost, {
      onStatus: (status) => this.status.set(status),
      onFrame: (frame) => this.live.set(applyFrame(this.live.value, frame, Date.now())),
      onSnapshot: (snapshot) => {
        this.live.set(applySnapshot(this.live.value, snapshot, Date.now()));
        if (this.begun) setTimeout(() => this.running && this.loader.start(this.question), CATCH_UP_MS);
        this.begun = true;
      },
    });
  }

  /** The server's clock: what is live is told by it. */
  serverNow(): number {
    return Date.now() + this.live.value.clockOffsetMs;
  }

  /** Runs while the page is seen. */
  start(): void {
    const follow = (): void => (document.hidden ? this.pause() : this.resume());
    document.addEventListener('visibilitychange', follow);
    addEventListener('pageshow', follow);
    follow();
  }

  /** Fills the list of events with stored ones; without an answer it fills by itself. */
  async loadLatest(): Promise<void> {
    const stored = await getJson<{ events: LiveEvent[] }>('/v1/latest?limit=20').catch(() => undefined);
    const live = this.live.value;
    if (stored) this.live.set({ ...live, events: withEvents(live.events, stored.events) });
  }

  show(question: Question): void {
    this.question = question;
    this.history.set(NO_HISTORY);
    this.loader.start(question);
  }

  /** Asks again, now. */
  retry(): void {
    this.loader.start(this.question);
  }

  private resume(): void {
    if (this.running) return;
    this.running = true;
    this.connection.start();
    this.loader.start(this.question);
  }

  private pause(): void {
    this.running = false;
    this.connection.stop();
    this.loader.stop();
  }
}
