import { type TopicRecords } from './batch-sealer.ts';
import { type PartitionBatch } from './produce-request.ts';

/** Takes over what Kafka does not acknowledge in time, and brings it to Kafka later, in the same order. */
export interface FallbackLog {
  /** True while something in it has not reached Kafka: what follows has to go there too, or its order is lost. */
  readonly isOccupied: boolean;
  /** Durable when it resolves. @throws Error (as rejection) when it is full or cannot write; nothing is claimed then. */
  appendRecords(topics: TopicRecords): Promise<void>;
  /**
   * The same for batches whose fate is unknown. They must reach Kafka unchanged: the broker then keeps one of them,
   * though it may have written the first.
   */
  appendSealed(batches: readonly PartitionBatch[]): Promise<void>;
}
