export type SpoolErrorCode =
  'spool-full' | 'spool-unwritable' | 'spool-in-use' | 'spool-damaged' | 'spool-too-large';

/** What is wrong with the spool; `retriable` says whether the same call may succeed later. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';

  constructor(
    readonly code: SpoolErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  get retriable(): boolean {
    return this.code === 'spool-full' || this.code === 'spool-unwritable';
  }
}
