/** What a collector answered for one event. */
export interface SentResult {
  readonly status: 'accepted' | 'duplicate' | 'rejected';
  readonly code?: string;
}

/** The way back in. */
export interface Collector {
  /** Resolves with one result per event. @throws CollectorError (as rejection) when it does not take the request. */
  send(events: readonly object[]): Promise<readonly SentResult[]>;
}

/** A request was not taken; what was in it may be sent again. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
}
