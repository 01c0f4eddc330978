/** Why no verdict could be given: the topic does not exist, or a server could not be asked. */
export type AuditErrorCode = 'topic-missing' | 'kafka' | 'hdfs' | 'elasticsearch';

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
}
