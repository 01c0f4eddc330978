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
import { type HistoryError } from '../src/query/history-error.ts';
import { type History } from '../src/query/history.ts';

/** Answers with what it was given, remembers the questions, and fails on demand. */
export class MemoryHistory implements History {
  readonly asked: (SummaryQuery | LatestQuery | DocumentQuery | FileQuery)[] = [];
  failure: HistoryError | undefined;
  summaryReply: SummaryReply = {
    total: 0,
    byColor: { red: 0, orange: 0, yellow: 0, green: 0, blue: 0, navy: 0, purple: 0 },
    buckets: [],
    pageViews: { total: 0, buckets: [] },
    visitors: { viewed: 0, picked: 0 },
    browsers: [],
    devices: [],
  };
  latestReply: LatestReply = { events: [] };
  fileReply: FileReply = {};
  documentReply: (query: DocumentQuery) => DocumentReply = () => ({});

  summary(query: SummaryQuery): Promise<SummaryReply> {
    return this.answer(query, this.summaryReply);
  }

  latest(query: LatestQuery): Promise<LatestReply> {
    return this.answer(query, this.latestReply);
  }

  document(query: DocumentQuery): Promise<DocumentReply> {
    return this.answer(query, this.documentReply(query));
  }

  file(query: FileQuery): Promise<FileReply> {
    return this.answer(query, this.fileReply);
  }

  private answer<Reply>(
    query: SummaryQuery | LatestQuery | DocumentQuery | FileQuery,
    reply: Reply,
  ): Promise<Reply> {
    this.asked.push(query);
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(reply);
  }
}
