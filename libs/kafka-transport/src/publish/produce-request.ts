import { createRequire } from 'node:module';

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

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder') as new (bytes: number) => {
  writeBuffer(buffer: Buffer): unknown;
};

const PRODUCE = { apiKey: 0, apiVersion: 7, apiName: 'Produce' } as const;
/** What a batch needs around it: partition, length, and its share of topic names and counts. */
const FRAMING_BYTES = 16;
const MAX_TOPIC_BYTES = 249;

/** A produce request in the form in which kafkajs's connections take requests. Version 7 knows every codec. */
export function produceRequest(batches: readonly PartitionBatch[], acks: number, timeoutMs: number) {
  return {
    request: {
      ...PRODUCE,
      expectResponse: () => true,
      encode: () => Promise.resolve(encoder(encodeBody(batches, acks, timeoutMs))),
    },
    response: {
      decode: (payload: Buffer) => Promise.resolve(decodeOutcomes(payload)),
      parse: (decoded: { outcomes: PartitionOutcome[] }) => Promise.resolve(decoded.outcomes),
    },
  };
}

function encoder(body: Buffer): unknown {
  return new Encoder(body.length).writeBuffer(body);
}

function encodeBody(batches: readonly PartitionBatch[], acks: number, timeoutMs: number): Buffer {
  const size = batches.reduce((sum, { bytes }) => sum + bytes.length + FRAMING_BYTES + MAX_TOPIC_BYTES, 16);
  const body = Buffer.allocUnsafe(size);
  let at = body.writeInt16BE(-1, 0); // no transaction
  at = body.writeInt16BE(acks, at);
  at = body.writeInt32BE(timeoutMs, at);
  const topics = [...new Set(batches.map(({ topic }) => topic))];
  at = body.writeInt32BE(topics.length, at);
  for (const topic of topics) {
    const own = batches.filter((batch) => batch.topic === topic);
    at = body.writeInt16BE(Buffer.byteLength(topic), at);
    at += body.write(topic, at);
    at = body.writeInt32BE(own.length, at);
    for (const { partition, bytes } of own) {
      at = body.writeInt32BE(partition, at);
      at = body.writeInt32BE(bytes.length, at);
      at += bytes.copy(body, at);
    }
  }
  return body.subarray(0, at);
}

/** error_code, base_offset, log_append_time, log_start_offset */
const OUTCOME_BYTES = 2 + 8 + 8 + 8;

function decodeOutcomes(payload: Buffer): { outcomes: PartitionOutcome[]; clientSideThrottleTime: number } {
  const outcomes: PartitionOutcome[] = [];
  let at = 4;
  for (let topics = payload.readInt32BE(0); topics > 0; topics--) {
    const nameEnd = at + 2 + payload.readInt16BE(at);
    const topic = payload.toString('utf8', at + 2, nameEnd);
    at = nameEnd + 4;
    for (let partitions = payload.readInt32BE(nameEnd); partitions > 0; partitions--) {
      outcomes.push({ topic, partition: payload.readInt32BE(at), errorCode: payload.readInt16BE(at + 4) });
      at += 4 + OUTCOME_BYTES;
    }
  }
  return { outcomes, clientSideThrottleTime: payload.readInt32BE(at) };
}
