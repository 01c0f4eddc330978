import { CodedError } from '@pipeline/event-schema';
import { type PartitionBatch, type ProducerIdentity } from '@pipeline/kafka-wire';

/** What can go wrong at the door to Kafka. */
export type TransportErrorCode =
  | 'no-handler'
  | 'several-handlers'
  | 'not-an-event-handler'
  | 'buffer-full'
  | 'broker-unavailable'
  | 'record-too-large'
  | 'record-refused'
  | 'sequence-lost'
  | 'closed'
  | 'query-timeout'
  | 'query-unavailable'
  | 'query-failed';

/** An error of the transport. */
export class TransportError extends CodedError<TransportErrorCode> {}

/** Not all of a request was acknowledged. */
export class BatchesLeftError extends TransportError {
  constructor(
    code: TransportErrorCode,
    message: string,
    /** Those without an acknowledgement; the others are written. */
    readonly left: readonly PartitionBatch[],
    options?: { readonly cause?: unknown },
  ) {
    super(code, message, options);
  }
}

/** The road to the brokers. It connects when it is first used and again after it broke. */
export interface BatchSender {
  /**
   * Resolves when every batch is acknowledged. A batch with an identity may be sent again, unchanged, as often as needed:
   * the broker keeps one of them. Several calls may be under way; their batches leave in the order of the calls.
   * @throws TransportError (as rejection) `broker-unavailable`: some may or may not be written; `record-refused`: some
   * will never be; `sequence-lost`: for the batches left the broker misses what stood before them, none of them was
   * written. Where a broker has answered it is a BatchesLeftError.
   */
  send(batches: readonly PartitionBatch[]): Promise<void>;
  /** @throws TransportError (as rejection) `broker-unavailable`, also for a topic that does not exist. */
  partitionCount(topic: string): Promise<number>;
  /** @throws TransportError (as rejection) `broker-unavailable`. */
  newIdentity(): Promise<ProducerIdentity>;
  /**
   * Resolves when each partition of the topic has a leader and all leaders take connections.
   * @throws TransportError (as rejection) `broker-unavailable`.
   */
  check(topic: string): Promise<void>;
  /** Resolves when a broker has answered, whatever. @throws TransportError (as rejection) `broker-unavailable`. */
  ping(): Promise<void>;
  /** For how long the brokers want nothing sent, since a quota is passed, in milliseconds. */
  readonly throttleMs: number;
  /** Gives up what is under way and the connections with it. */
  reset(): void;
  close(): Promise<void>;
}
