/** The partition was lost before its records were durable; whoever owns it now reads them again. */
export class PartitionRevokedError extends Error {
  readonly code = 'partition-revoked';
  override readonly name = 'PartitionRevokedError';
}
