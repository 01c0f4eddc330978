import { BaseRpcContext } from '@nestjs/microservices';
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

/** What a batch handler gets as `@Ctx()`: the assignment that its batch belongs to. */
export class BatchContext extends BaseRpcContext<[PartitionAssignment]> {
  get assignment(): PartitionAssignment {
    return this.args[0];
  }
}
