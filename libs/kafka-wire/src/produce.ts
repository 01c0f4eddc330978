import { type PartsRequest } from '../client/send-parts.ts';

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
  const head = Buffer.allocUnsafe(REQUEST_BYTES);
  let at = head.writeInt16BE(-1);
  at = head.writeInt16BE(acks, at);
  at = head.writeInt32BE(timeoutMs, at);
  head.writeInt32BE(topics.size, at);
  const body: Buffer[] = [head];
  for (const [topic, own] of topics) {
    body.push(topicHead(topic, own.length));
    for (const { partition, bytes } of own) body.push(partitionHead(partition, bytes.length), bytes);
  }
  return { ...PRODUCE, body };
}

function topicHead(topic: string, partitions: number): Buffer {
  const nameBytes = Buffer.byteLength(topic);
  const head = Buffer.allocUnsafe(TOPIC_BYTES + nameBytes);
  let at = head.writeInt16BE(nameBytes);
  at += head.write(topic, at);
  head.writeInt32BE(partitions, at);
  return head;
}

function partitionHead(partition: number, batchBytes: number): Buffer {
  const head = Buffer.allocUnsafe(PARTITION_BYTES);
  head.writeInt32BE(batchBytes, head.writeInt32BE(partition));
  return head;
}

/** error_code, base_offset, log_append_time, log_start_offset */
const OUTCOME_BYTES = 2 + 8 + 8 + 8;

/** What a broker answers to a produce request. */
export function readOutcomes(answer: Buffer): {
  readonly result: PartitionOutcome[];
  readonly throttleMs: number;
} {
  const result: PartitionOutcome[] = [];
  let at = 4;
  for (let topics = answer.readInt32BE(0); topics > 0; topics--) {
    const nameEnd = at + 2 + answer.readInt16BE(at);
    const topic = answer.toString('utf8', at + 2, nameEnd);
    at = nameEnd + 4;
    for (let partitions = answer.readInt32BE(nameEnd); partitions > 0; partitions--) {
      result.push({ topic, partition: answer.readInt32BE(at), errorCode: answer.readInt16BE(at + 4) });
      at += 4 + OUTCOME_BYTES;
    }
  }
  return { result, throttleMs: answer.readInt32BE(at) };
}
