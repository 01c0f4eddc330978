import { type SummaryReply } from '@pipeline/event-schema';
import { getJson } from '../get-json.ts';
import { type Store } from '../store.ts';
import { historyQuery, type Range } from './range.ts';
import { type History } from './timeline.ts';

export interface HistoryState {
  readonly history: History | undefined;
  /** Whether the last question had no answer. */
  readonly missing: boolean;
}

export const NO_HISTORY: HistoryState = { history: undefined, missing: false };

/** Live counts reach two minutes back: the history must be asked again well before. */
const REFRESH_MS = 20_000;
const RETRY_MS = 4_000;

/** Keeps the history of one range fresh, from `start` to `stop`. */
export class HistoryLoader {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private generation = 0;

  constructor(
    private readonly store: Store<HistoryState>,
    private readonly serverNow: () => number,
  ) {}

  start(range: Range): void {
    this.stop();
    void this.load(range, ++this.generation);
  }

  stop(): void {
    this.generation++;
    clearTimeout(this.timer);
  }

  private async load(range: Range, generation: number): Promise<void> {
    const query = historyQuery(range, this.serverNow());
    const parameters = new URLSearchParams({
      from: query.from,
      to: query.to,
      bucket: String(query.bucketMs),
    });
    const reply = await getJson<SummaryReply>(`/v1/summary?${parameters.toString()}`).catch(() => undefined);
    if (generation !== this.generation) return;
    this.store.set(
      reply
        ? { history: { query, reply }, missing: false }
        : { history: this.store.value.history, missing: true },
    );
    this.timer = setTimeout(() => void this.load(range, generation), reply ? REFRESH_MS : RETRY_MS);
  }
}
