import {
  type DocumentQuery,
  type DocumentReply,
  type FileQuery,
  type FileReply,
  type LatestQuery,
  type LatestReply,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';
import { type History } from './history.ts';

const MAX_ANSWERS = 200;

interface KeptAnswer {
  readonly answer: Promise<unknown>;
  readonly until: number;
}

/**
 * Equal questions within `keepMs` share one answer, a failure too: however many pages are open, the store behind is
 * asked once, and is left alone while it is down.
 */
export class SharedHistory implements History {
  private readonly answers = new Map<string, KeptAnswer>();

  constructor(
    private readonly inner: History,
    private readonly keepMs: number,
  ) {}

  summary(query: SummaryQuery): Promise<SummaryReply> {
    return this.share(`summary ${JSON.stringify(query)}`, () => this.inner.summary(query));
  }

  latest(query: LatestQuery): Promise<LatestReply> {
    return this.share(`latest ${JSON.stringify(query)}`, () => this.inner.latest(query));
  }

  /** Asked for one event while it is on its way, so an answer is never kept. */
  document(query: DocumentQuery): Promise<DocumentReply> {
    return this.inner.document(query);
  }

  file(query: FileQuery): Promise<FileReply> {
    return this.inner.file(query);
  }

  private share<Reply>(question: string, ask: () => Promise<Reply>): Promise<Reply> {
    const now = Date.now();
    const kept = this.answers.get(question);
    if (kept && now < kept.until) return kept.answer as Promise<Reply>;
    const answer = ask();
    this.answers.delete(question);
    this.answers.set(question, { answer, until: now + this.keepMs });
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MAX_ANSWERS) break;
      this.answers.delete(oldest);
    }
    return answer;
  }
}
