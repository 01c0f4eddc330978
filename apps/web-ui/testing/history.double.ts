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

/** The summary of a store that holds nothing. */
export const NO_SUMMARY: SummaryReply = {
  total: 0,
  byColor: { red: 0, orange: 0, yellow: 0, green: 0, blue: 0, navy: 0, purple: 0 },
  buckets: [],
  pageViews: { total: 0, buckets: [] },
  visitors: { all: 0, saw: 0, converted: 0, compared: 0, unnamedEvents: 0 },
  slices: {
    page: [],
    referrer: [],
    utm_source: [],
    utm_medium: [],
    utm_campaign: [],
    browser: [],
    os: [],
    device: [],
  },
};

/** Answers with what it was given, remembers the questions, and fails on demand. */
export class MemoryHistory implements History {
  readonly asked: (SummaryQuery | LatestQuery | DocumentQuery | FileQuery)[] = [];
  failure: HistoryError | undefined;
  summaryReply: SummaryReply = NO_SUMMARY;
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
