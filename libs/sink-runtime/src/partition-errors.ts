import { CodedError } from '@pipeline/event-schema';

/**
 * Going on would damage what is stored (a file of another topic at our offset). The partition stops, the alarm metric
 * is raised and the app is not ready until an operator has acted; other partitions go on.
 */
export class PartitionHaltedError extends CodedError<string> {}

/** The partition was lost before its records were durable; its next owner reads them again. */
export class PartitionRevokedError extends Error {
  readonly code = 'partition-revoked';
  override readonly name = 'PartitionRevokedError';
}

/**
 * What was staged of a range that was not durable yet is gone, and its records are not in memory any more. The partition
 * is read again from its last commit; nothing is lost. The code becomes a metric label.
 */
export class StagingLostError extends CodedError<string> {}
