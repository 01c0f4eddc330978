/**
 * What was staged of a range that was not durable yet is gone, and its records are not in memory any more. The partition
 * is read again from its last commit; nothing is lost.
 */
export class StagingLostError extends Error {
  override readonly name = 'StagingLostError';

  /** @param code becomes a metric label. */
  constructor(
    readonly code: string,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}
