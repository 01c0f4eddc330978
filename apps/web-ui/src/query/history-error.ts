/** Why the history has no answer now; asking again later may help. */
export type HistoryErrorCode = 'history-timeout' | 'history-unavailable' | 'history-failed';

export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly retriable = true;

  constructor(
    readonly code: HistoryErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
