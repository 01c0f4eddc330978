import { type Rejection } from '@pipeline/event-schema/contract';

/** An event that was refused, as it was parsed, and why. */
export interface RejectedValue {
  readonly value: unknown;
  readonly rejection: Rejection;
}

/** The request that brought them. */
export interface Arrival {
  readonly receivedMs: number;
  readonly receivedAt: string;
  /** W3C trace context. */
  readonly traceparent: string;
  /** Then personal texts are masked whatever the settings say. */
  readonly refusesTracking: boolean;
  /** Of the decoded body. */
  readonly bodyBytes: number;
}

/**
 * Keeps what was refused, so that somebody can look at it and send it again. A favour, not a promise: both methods
 * return at once and never fail; what cannot be kept is counted as lost.
 */
export interface RejectedLog {
  keep(rejected: readonly RejectedValue[], arrival: Arrival): void;
  /** The body of a request that is not JSON. */
  keepBody(body: Buffer, arrival: Arrival): void;
}

/** Discards rejected events (`COLLECTOR_API_REJECTED_EVENTS=off`). */
export const NO_REJECTED_LOG: RejectedLog = { keep: () => undefined, keepBody: () => undefined };

export const REJECTED_LOG = Symbol('rejected-log');
