import { CodedError } from '@pipeline/event-schema';

/** Why the history has no answer. */
export type HistoryErrorCode =
  'history-timeout' | 'history-unavailable' | 'history-failed' | 'too-many-questions' | 'invalid-query';

export class HistoryError extends CodedError<HistoryErrorCode> {
  /** Whether the same question may have an answer later. */
  get retriable(): boolean {
    return this.code !== 'invalid-query';
  }
}
