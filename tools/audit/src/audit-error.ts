/** Why no verdict could be given. */
export type AuditErrorCode = 'lag' | 'topic-missing' | 'hdfs' | 'elasticsearch';

/** An audit that could not be done; what was found so far says nothing. */
export class AuditError extends Error {
  override readonly name = 'AuditError';

  constructor(
    readonly code: AuditErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  /** The stores may answer, or the sinks catch up, later. */
  get retriable(): boolean {
    return this.code !== 'topic-missing';
  }
}
