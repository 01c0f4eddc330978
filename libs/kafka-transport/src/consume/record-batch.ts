/** One record as Kafka carries it. Nothing is decoded: value and key are the bytes that were produced. */
export interface KafkaRecord {
  readonly key: Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly headers?: KafkaHeaders;
  /** Decimal. */
  readonly offset: string;
  /** Milliseconds since the epoch, decimal; the broker's append time for event topics. */
  readonly timestamp: string;
}

export type KafkaHeaders = Readonly<Record<string, Buffer | string | (Buffer | string)[] | undefined>>;

/**
 * A contiguous piece of one partition: everything in `[startOffset, nextOffset)`, gaps (compaction, control records)
 * included. The batches of one assignment follow each other without overlap or hole.
 */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  /** Never empty. */
  readonly records: readonly KafkaRecord[];
  readonly startOffset: bigint;
  readonly nextOffset: bigint;
  /** Bytes of all keys and values. */
  readonly bytes: number;
  /** About what the batch holds in memory: its bytes plus the decoded record objects. */
  readonly heldBytes: number;
  /** End of the partition when the batch was fetched. */
  readonly highWatermark: bigint;
  /**
   * Tells the transport that the records are out of memory though not durable yet: they no longer count against the
   * partition's share, and fetching goes on. The end of the handler does it too; calling it again does nothing.
   */
  readonly release?: () => void;
}
