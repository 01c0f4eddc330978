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

/** The stored events, asked of whoever stores them. */
export interface History {
  /** @throws HistoryError (as rejection), soon. */
  summary(query: SummaryQuery): Promise<SummaryReply>;
  /** @throws HistoryError (as rejection), soon. */
  latest(query: LatestQuery): Promise<LatestReply>;
  /** @throws HistoryError (as rejection), soon. */
  document(query: DocumentQuery): Promise<DocumentReply>;
  /** Asked of hdfs-sink. @throws HistoryError (as rejection), soon. */
  file(query: FileQuery): Promise<FileReply>;
}

export const HISTORY = Symbol('history');
