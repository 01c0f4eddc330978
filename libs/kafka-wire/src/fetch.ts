import { type AbortedTransaction } from './pack-record-set.ts';
import { type PartsRequest } from './produce.ts';
import { WireReader } from './reader.ts';
import { WireWriter } from './writer.ts';

/** What is read of some partitions with one request. */
export interface FetchQuestion {
  /** How long a broker without data waits for some, in milliseconds. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly fetchOffset: number;
      readonly maxBytes: number;
    }[];
  }[];
}

/** What a broker answers to a fetch request. */
export interface FetchAnswer {
  readonly throttleMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly topics: readonly { readonly topic: string; readonly partitions: readonly PartitionAnswer[] }[];
}

interface PartitionAnswer {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  readonly aborted: readonly AbortedTransaction[];
  readonly preferredReadReplica: number;
  /** Record batches, the last of which may be cut; shares memory with the answer. */
  readonly recordSet: Buffer;
}

/** Of brokers since Kafka 2.3, and the last version without tagged fields. Source: `FetchRequest`. */
const FETCH = { apiKey: 1, apiVersion: 11, apiName: 'Fetch' } as const;
const CONSUMER = -1;
const READ_COMMITTED = 1;
const NO_SESSION = { id: 0, epoch: -1 } as const;
const NONE = -1;

export function fetchRequest({ maxWaitMs, maxBytes, topics }: FetchQuestion): PartsRequest {
  const writer = new WireWriter(256);
  writer.int32(CONSUMER);
  writer.int32(maxWaitMs);
  writer.int32(1); // min_bytes
  writer.int32(maxBytes);
  writer.byte(READ_COMMITTED);
  writer.int32(NO_SESSION.id);
  writer.int32(NO_SESSION.epoch);
  writer.int32(topics.length);
  for (const { topic, partitions } of topics) {
    writer.string(topic);
    writer.int32(partitions.length);
    for (const asked of partitions) {
      writer.int32(asked.partition);
      writer.int32(NONE); // current_leader_epoch
      writer.int64(asked.fetchOffset);
      writer.int64(NONE); // log_start_offset
      writer.int32(asked.maxBytes);
    }
  }
  writer.int32(0); // forgotten topics
  writer.string(''); // rack_id
  return { ...FETCH, body: [writer.view()] };
}

/** Source: `FetchResponse`, version 11. */
export function readFetch(answer: Buffer): FetchAnswer {
  const reader = new WireReader(answer);
  return {
    throttleMs: reader.int32(),
    errorCode: reader.int16(),
    sessionId: reader.int32(),
    topics: reader.list(() => ({ topic: reader.string(), partitions: reader.list(readPartition) })),
  };
}

function readPartition(reader: WireReader): PartitionAnswer {
  return {
    partition: reader.int32(),
    errorCode: reader.int16(),
    highWatermark: reader.int64(),
    lastStableOffset: reader.int64(),
    logStartOffset: reader.int64(),
    aborted: reader.list(() => ({ producerId: reader.int64(), firstOffset: reader.int64() })),
    preferredReadReplica: reader.int32(),
    recordSet: reader.take(Math.max(0, reader.int32())),
  };
}
