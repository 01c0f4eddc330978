/** Why the history has no answer. */
export type HistoryErrorCode =
  'history-timeout' | 'history-unavailable' | 'history-failed' | 'too-many-questions' | 'invalid-query';

export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  constructor(
    readonly code: HistoryErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  /** Whether the same question may have an answer later. */
  get retriable(): boolean {
    return this.code !== 'invalid-query';
  }
}
