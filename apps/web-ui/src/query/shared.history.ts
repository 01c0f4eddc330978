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
 * Equal questions share one answer while it is waited for and for `keepMs` after: however many pages are open, the store
 * behind is asked once. A failure is told to those who waited for it, and the next one asks again.
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
    const kept = this.answers.get(question);
    if (kept && Date.now() < kept.until) return kept.answer as Promise<Reply>;
    const answer = ask();
    this.answers.delete(question);
    this.keep(question, { answer, until: Number.POSITIVE_INFINITY });
    const settle = (until: number): void => {
      if (this.answers.get(question)?.answer === answer) this.answers.set(question, { answer, until });
    };
    answer.then(
      () => settle(Date.now() + this.keepMs),
      () => settle(0),
    );
    return answer;
  }

  private keep(question: string, answer: KeptAnswer): void {
    this.answers.set(question, answer);
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= MAX_ANSWERS) break;
      this.answers.delete(oldest);
    }
  }
}
