import { bytes, flag, integer, milliseconds, oneOf, type Values } from '@pipeline/config';
import {
  type Compression,
  COMPRESSIONS,
  type OutgoingRecord,
  type PartitionBatch,
} from '@pipeline/kafka-wire';

/** Producer policies; spread into an app's `defineSettings`. */
export const publisherSettings = {
  publishAcks: oneOf(
    'KAFKA_ACKS',
    'Acknowledgement that makes a record durable: from all in-sync replicas, or from the leader only',
    ['all', 'leader'],
    'all',
  ),
  publishCompression: oneOf('KAFKA_COMPRESSION', 'Compression of produce requests', COMPRESSIONS, 'none'),
  publishIdempotent: flag(
    'KAFKA_IDEMPOTENCE',
    'Let the broker discard repeated produce requests; needs KAFKA_ACKS=all',
    true,
  ),
  publishMaxBatchBytes: bytes('PUBLISH_MAX_BATCH_BYTES', 'Largest produce request', { fallback: '524288' }),
  publishMaxQueueBytes: bytes(
    'PUBLISH_MAX_QUEUE_BYTES',
    'Most bytes that wait for an acknowledgement; further records are refused',
    {
      fallback: '67108864',
    },
  ),
  publishTimeoutMs: milliseconds('PUBLISH_TIMEOUT_MS', 'Longest wait for an acknowledgement', {
    fallback: '800',
  }),
  publishRetries: integer('KAFKA_RETRIES', 'Retries of a produce request', {
    fallback: '2',
  }),
} as const;

export interface PublisherOptions {
  readonly acks: 'all' | 'leader';
  readonly compression: Compression;
  /** Default true; effective with `acks: 'all'`. */
  readonly idempotent?: boolean;
  readonly maxBatchBytes: number;
  readonly maxQueueBytes: number;
  /** A larger record is refused before it is sent; default: what an event topic takes. */
  readonly maxRecordBytes?: number;
  readonly timeoutMs: number;
  readonly retries: number;
}

export function publisherOptions(values: Values<typeof publisherSettings>): PublisherOptions {
  return {
    acks: values.publishAcks,
    compression: values.publishCompression,
    idempotent: values.publishIdempotent,
    maxBatchBytes: values.publishMaxBatchBytes,
    maxQueueBytes: values.publishMaxQueueBytes,
    timeoutMs: values.publishTimeoutMs,
    retries: values.publishRetries,
  };
}

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
