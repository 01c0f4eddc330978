/**
 * Going on would damage what is stored (a file of another topic at our offset). The partition stops, the alarm metric
 * is raised and the app is not ready until an operator has acted; other partitions go on.
 */
export class PartitionHaltedError extends Error {
  override readonly name = 'PartitionHaltedError';

  constructor(
    readonly code: string,
    message: string,
    options?: { readonly cause: unknown },
  ) {
    super(message, options);
  }
}

/** The partition was lost before its records were durable; whoever owns it now reads them again. */
export class PartitionRevokedError extends Error {
  readonly code = 'partition-revoked';
  override readonly name = 'PartitionRevokedError';
}

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
