import {
  type DocumentQuery,
  type DocumentReply,
  type LatestQuery,
  type LatestReply,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';

export const EVENT_SEARCH = Symbol('event-search');

/** Reads what the sink has written. Answers are complete or fail; events show about a second after they are stored. */
export interface EventSearch {
  /**
   * Counts events by `occurred_at`. An empty store is a reply with zeros.
   * @throws StoreError
   */
  summary(query: SummaryQuery): Promise<SummaryReply>;
  /**
   * The newest events by `received_at`.
   * @throws StoreError
   */
  latest(query: LatestQuery): Promise<LatestReply>;
  /**
   * The document of one event, of whatever type and day.
   * @throws StoreError
   */
  document(query: DocumentQuery): Promise<DocumentReply>;
}
