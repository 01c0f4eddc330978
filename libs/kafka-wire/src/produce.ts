import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

/** A request of Kafka's protocol, the body of which lies in several buffers. */
export interface PartsRequest {
  readonly apiKey: number;
  readonly apiVersion: number;
  /** For messages and logs. */
  readonly apiName: string;
  readonly body: readonly Buffer[];
}

/** One partition's record batch, with the identity under which it is sent, and sent again. */
export interface PartitionBatch {
  readonly topic: string;
  readonly partition: number;
  readonly bytes: Buffer;
}

/** What the broker said about one partition's batch. */
export interface PartitionOutcome {
  readonly topic: string;
  readonly partition: number;
  /** Kafka's error code; 0 is success. */
  readonly errorCode: number;
}

/** Version 7 knows every codec. */
const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' } as const;

/** transactional_id (none), acks, timeout_ms, number of topics */
const REQUEST_BYTES = 2 + 2 + 4 + 4;
/** number of partitions, and the length of the topic's name */
const TOPIC_BYTES = 4 + 2;
/** partition, length of its batch */
const PARTITION_BYTES = 4 + 4;

/** A produce request; it shares memory with the batches. */
export function produceRequest(
  batches: readonly PartitionBatch[],
  acks: number,
  timeoutMs: number,
): PartsRequest {
  const topics = Map.groupBy(batches, ({ topic }) => topic);
  const head = new WireWriter(REQUEST_BYTES);
  head.int16(-1);
  head.int16(acks);
  head.int32(timeoutMs);
  head.int32(topics.size);
  const body = [head.view()];
  for (const [topic, own] of topics) {
    body.push(topicHead(topic, own.length));
    for (const { partition, bytes } of own) body.push(partitionHead(partition, bytes.length), bytes);
  }
  return { ...PRODUCE, body };
}

function topicHead(topic: string, partitions: number): Buffer {
  const head = new WireWriter(TOPIC_BYTES + topic.length);
  head.string(topic);
  head.int32(partitions);
  return head.view();
}

function partitionHead(partition: number, batchBytes: number): Buffer {
  const head = new WireWriter(PARTITION_BYTES);
  head.int32(partition);
  head.int32(batchBytes);
  return head.view();
}

/** base_offset, log_append_time, log_start_offset */
const REST_OF_OUTCOME_BYTES = 8 + 8 + 8;

/** What a broker answers to a produce request. */
export function readOutcomes(answer: Buffer): {
  readonly result: PartitionOutcome[];
  readonly throttleMs: number;
} {
  const reader = new WireReader(answer);
  const topics = reader.list(() => {
    const topic = reader.string();
    return reader.list((): PartitionOutcome => {
      const outcome = { topic, partition: reader.int32(), errorCode: reader.int16() };
      reader.at += REST_OF_OUTCOME_BYTES;
      return outcome;
    });
  });
  return { result: topics.flat(), throttleMs: reader.int32() };
}
