import { type KafkaRecord } from '@pipeline/kafka-wire';

/**
 * A contiguous piece of one partition: everything in `[startOffset, nextOffset)`, gaps (compaction, control records)
 * included. The batches of one assignment follow each other without overlap or hole.
 */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  /** How many records; never 0. */
  readonly count: number;
  /** Made at each access: read it once, when the records are needed. */
  readonly records: readonly KafkaRecord[];
  readonly startOffset: bigint;
  readonly nextOffset: bigint;
  /** Bytes of all keys and values. */
  readonly bytes: number;
  /** What the batch holds in memory: its bytes plus a view of each record. */
  readonly heldBytes: number;
  /** End of the partition when the batch was fetched. */
  readonly highWatermark: bigint;
  /**
   * Gives the memory back at once, and with it room to fetch; safe to repeat. Whoever reads a record afterwards gets a
   * TypeError. The transport calls it when the handler has ended; who has made a copy of its own may call it earlier.
   */
  readonly release: () => void;
}
