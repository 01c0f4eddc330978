/** A partition as this consumer owns it between two rebalances. */
export interface PartitionAssignment {
  readonly topic: string;
  readonly partition: number;
  /** What the group had committed when the partition was assigned; `null` when nothing. */
  readonly committedOffset: bigint | null;
  /** Whether that commit was made by this transport, not by an operator's tool or a reset. */
  readonly committedByPipeline: boolean;
  /** This partition's part of the consumer's memory budget, in bytes: fetching pauses above it. */
  readonly shareBytes: number;
  /**
   * A short text that is committed with the partition's offsets and read back by its next owner; the handler may change
   * it. At most 1,000 characters.
   */
  readonly memo?: { text: string };
  /** Aborted when the consumer is about to stop: what is buffered should be made durable now. */
  readonly draining: AbortSignal;
  /** Aborted when the partition is lost or the consumer has stopped. Whatever is not durable by then must be dropped. */
  readonly revoked: AbortSignal;
}
