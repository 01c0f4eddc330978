import { type PartitionBatch } from './produce-request.ts';
import { type ProducerIdentity } from './record-batch-builder.ts';

/** The road to the brokers. It connects when it is first used and again after it broke. */
export interface BatchSender {
  /**
   * Resolves when every batch is acknowledged. A batch with an identity may be sent again, unchanged, as often as needed:
   * the broker keeps one of them.
   * @throws TransportError (as rejection) `broker-unavailable`: some may or may not be written; `record-refused`: some
   * will never be; `sequence-lost`: the broker has forgotten the identity, nothing of that partition was written.
   */
  send(batches: readonly PartitionBatch[]): Promise<void>;
  /** @throws TransportError (as rejection) `broker-unavailable`, also for a topic that does not exist. */
  partitionCount(topic: string): Promise<number>;
  /** @throws TransportError (as rejection) `broker-unavailable`. */
  newIdentity(): Promise<ProducerIdentity>;
  /** Resolves when a broker has answered. @throws TransportError (as rejection) `broker-unavailable`. */
  ping(): Promise<void>;
  /** Gives up what is under way and the connections with it. */
  reset(): void;
  close(): Promise<void>;
}
