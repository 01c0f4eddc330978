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
