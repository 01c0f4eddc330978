import { type SummaryReply } from '@pipeline/event-schema';
import { getJson, type RequestFailure } from '../get-json.ts';
import { type Store } from '../store.ts';
import { historyQuery, queryBefore, type Question, summaryUrl } from './range.ts';
import { type HistoryAnswer } from './timeline.ts';

export interface HistoryState {
  readonly history: HistoryAnswer | undefined;
  /** When that was answered, by the clock of this machine. */
  readonly answeredAtMs?: number;
  /** Why the last question had no answer. */
  readonly failure?: RequestFailure | undefined;
}

export const NO_HISTORY: HistoryState = { history: undefined };

/** Live counts reach two minutes back: the history must be asked again well before. */
const REFRESH_MS = 20_000;
const RETRY_MS = 4_000;

/** Keeps the answer to one question fresh, from `start` to `stop`. */
export class HistoryLoader {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private generation = 0;

  constructor(
    private readonly store: Store<HistoryState>,
    private readonly serverNow: () => number,
  ) {}

  start(question: Question): void {
    this.stop();
    void this.load(question, ++this.generation);
  }

  stop(): void {
    this.generation++;
    clearTimeout(this.timer);
  }

  private async load(question: Question, generation: number): Promise<void> {
    const query = historyQuery(question, this.serverNow());
    let next: HistoryState;
    try {
      const [reply, before] = await Promise.all([
        getJson<SummaryReply>(summaryUrl(query)),
        question.withBefore ? getJson<SummaryReply>(summaryUrl(queryBefore(query, question))) : undefined,
      ]);
      next = { history: { query, reply, ...(before && { before }) }, answeredAtMs: Date.now() };
    } catch (error) {
      next = { ...this.store.value, failure: error as RequestFailure };
    }
    if (generation !== this.generation) return;
    this.store.set(next);
    const waitMs = next.failure ? RETRY_MS : REFRESH_MS;
    this.timer = setTimeout(() => void this.load(question, generation), waitMs);
  }
}
