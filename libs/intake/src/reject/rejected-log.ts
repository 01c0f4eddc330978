import { type Rejection } from '@pipeline/event-schema/contract';
import { type Origin } from '../origin.ts';

/** An event that was refused, as it was parsed, and why. */
export interface RejectedValue {
  readonly value: unknown;
  readonly rejection: Rejection;
}

/**
 * Keeps what was refused, so that an operator can look at it and send it again. A favour, not a promise: both methods
 * return at once and never fail; what cannot be kept is counted as lost.
 */
export interface RejectedLog {
  /** @param bytes what the events cost on their way here. */
  keep(rejected: readonly RejectedValue[], bytes: number, origin: Origin): void;
  /** What should be JSON and is not. */
  keepMalformed(json: Buffer, origin: Origin): void;
}

/** Discards rejected events (`<APP>_REJECTED_EVENTS=off`). */
export const NO_REJECTED_LOG: RejectedLog = { keep: () => undefined, keepMalformed: () => undefined };

export const REJECTED_LOG = Symbol('rejected-log');
