import { type OutgoingRecord, type PartitionBatch } from '@pipeline/kafka-wire';

/** Takes over what Kafka does not acknowledge in time, and brings it to Kafka later, in the same order per topic. */
export interface FallbackLog {
  /**
   * True while something of the topic in it has not reached Kafka: what follows has to go there too, or its order is
   * lost.
   */
  isOccupied(topic: string): boolean;
  /** Durable when it resolves. @throws Error (as rejection) when it is full or cannot write; nothing is claimed then. */
  appendRecords(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  /**
   * The same for batches whose fate is unknown, all of this topic. They must reach Kafka unchanged: the broker then keeps
   * one of them, though it may have written the first.
   */
  appendSealed(topic: string, batches: readonly PartitionBatch[]): Promise<void>;
}
