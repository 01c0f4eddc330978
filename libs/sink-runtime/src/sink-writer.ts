import { type KafkaRecord, type PartitionAssignment } from '@pipeline/kafka-transport';

/** What one flush has to make durable: everything of a partition in `[startOffset, nextOffset)`. */
export interface RecordRange {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
  readonly nextOffset: bigint;
  /** Ascending by offset. On a retry only what is still to be written. */
  readonly records: readonly KafkaRecord[];
}

/** A record that the store will never take. */
export interface RejectedRecord {
  readonly record: KafkaRecord;
  /** Closed list of the sink; becomes a metric label and a dead-letter header. */
  readonly code: string;
  readonly message: string;
  /** Whether only the store could know: it was asked, and the record alone does not explain the answer. */
  readonly byStore?: boolean;
}

/** Outcome of a flush. `written + duplicates + rejected + retry` are all records of the range. */
export interface WriteReport {
  readonly written: number;
  /** Records that the store already had: a replay met itself. */
  readonly duplicates: number;
  readonly rejected: readonly RejectedRecord[];
  /** Records to try again after a pause; absent when none. */
  readonly retry?: { readonly records: readonly KafkaRecord[]; readonly error: Error };
}

/**
 * A store, seen from one partition. Calls for one partition never overlap and follow each other without hole; an
 * assignment's first range starts at its committed offset. Offsets are committed only at the end of a range.
 */
export interface PartitionWriter {
  /**
   * Makes a range durable. Must be safe to call again with the same range, from this process or another one.
   * @param revoked aborted when the partition was lost: nothing new may be started in the store.
   * @throws anything: the partition is held and the call repeated for ever with jittered back-off, except
   * `PartitionHaltedError`, which stops the partition until an operator acts.
   */
  write(range: RecordRange, revoked: AbortSignal): Promise<WriteReport>;

  /**
   * Takes over the beginning of a range that is still growing, so that its records need not stay in memory until the
   * range is written. Ranges and stages follow each other without hole; the `write` that ends a range gets what was not
   * staged, perhaps no records at all, makes all of it durable and reports all of it. Only for stores that want larger
   * writes than memory holds.
   * @returns records that the store will never take; `write` does not report them again.
   * @throws StagingLostError from here and from `write`; anything else: the same call is repeated.
   */
  stage?(piece: RecordRange, revoked: AbortSignal): Promise<readonly RejectedRecord[]>;
}

/** A store. A sink is a `SinkWriter`, its settings and a controller that hands its batches to `Sink.accept`. */
export interface SinkWriter {
  /** Called once per assignment, before the first range; no I/O needed. */
  open(assignment: PartitionAssignment): PartitionWriter;
}
