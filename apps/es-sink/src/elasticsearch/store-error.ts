import { CodedError } from '@pipeline/event-schema';

/** Why Elasticsearch did not do what it was asked. A closed list: it becomes a metric label. */
export type StoreErrorCode =
  /** No node answered, the connection broke, or a node said 502, 503 or 504. */
  | 'unavailable'
  /** No answer in time; the request may have been applied. */
  | 'timeout'
  /** 429: queues full, circuit breaker, disk above the flood stage. */
  | 'overloaded'
  /** The index is read-only, closed or missing, or the cluster has no room for another one. */
  | 'blocked'
  /** 401 or 403: wrong or expired credentials, missing privileges. */
  | 'unauthorized'
  /** 413: the request is larger than Elasticsearch, or a proxy before it, accepts. */
  | 'too-large'
  /** Another client error about the request as a whole. */
  | 'refused'
  /** An answer that is not one: not JSON, not Elasticsearch, not one item per document. */
  | 'malformed-reply'
  /** The index is not, or would not become, what our template says. */
  | 'foreign-index'
  /** A document changed between a look at it and what was to follow. */
  | 'conflict'
  /** Not sent, because the partition was lost. */
  | 'revoked';

/** A failure of a whole request, or of one document where trying again may help. */
export class StoreError extends CodedError<StoreErrorCode> {
  constructor(
    code: StoreErrorCode,
    message: string,
    /** Shown at `/readyz`; holds nothing of an event. */
    readonly reason?: string,
  ) {
    super(code, message);
  }
}
