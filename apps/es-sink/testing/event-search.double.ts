import {
  type DocumentQuery,
  type DocumentReply,
  type LatestQuery,
  type LatestReply,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';
import { type EventSearch } from '../src/search/event-search.ts';

/** Answers what it was given, remembers what it was asked, fails while `error` is set. */
export class MemoryEventSearch implements EventSearch {
  readonly asked: (SummaryQuery | LatestQuery | DocumentQuery)[] = [];
  error?: Error;

  documentReply: DocumentReply = {};

  constructor(private readonly replies: { readonly summary: SummaryReply; readonly latest: LatestReply }) {}

  summary(query: SummaryQuery): Promise<SummaryReply> {
    return this.answer(query, this.replies.summary);
  }

  latest(query: LatestQuery): Promise<LatestReply> {
    return this.answer(query, this.replies.latest);
  }

  document(query: DocumentQuery): Promise<DocumentReply> {
    return this.answer(query, this.documentReply);
  }

  private answer<Reply>(query: SummaryQuery | LatestQuery | DocumentQuery, reply: Reply): Promise<Reply> {
    this.asked.push(query);
    return this.error ? Promise.reject(this.error) : Promise.resolve(reply);
  }
}
