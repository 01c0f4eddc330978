import { createRequire } from 'node:module';
import { type Batch, type KafkaMessage } from 'kafkajs';
import {
  type FetchAnswer,
  InflationShelves,
  packRecords,
  packRecordSet,
  readFetch,
  type RecordHeaders,
  type RecordPack,
  type Unpacked,
} from '@pipeline/kafka-wire';
import { freeAnswer } from './receive-patch.ts';

interface FetchFields {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

interface FetchResponse {
  readonly decode: (answer: Buffer) => Promise<object>;
  readonly parse: (decoded: object) => Promise<object>;
}

interface FetchDefinition {
  protocol: (choice: {
    readonly version: number;
  }) => (fields: FetchFields) => { readonly response: FetchResponse };
}

const TOPIC_AUTHORIZATION_FAILED = 29;

/** Of brokers since Kafka 2.3, and the last one that kafkajs speaks. */
const PATCHED_VERSION = 11;

/** What the compressed batches of one answer may inflate to, over all partitions, and of one of them. */
const ANSWER_ROOM_BYTES = 16 << 20;
const PARTITION_ROOM_BYTES = 8 << 20;
/** Where a partition has no room left, so that it gets on. */
const LEAST_ROOM_BYTES = 1 << 20;
/** For who has no budget: questions, replies, tools. */
const DEFAULT_ROOM_BYTES = 4 << 20;

const require = createRequire(import.meta.url);
const DecoderOf = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => object;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: object,
) => Promise<KafkaMessage[]>;

/** How many more bytes of a partition's records may be held. */
export type RoomOf = (partition: number) => number;

/** What a consumer says and hears of a topic whose batches come packed. */
interface PackedTopic {
  readonly roomOf: RoomOf;
  /** The brokers refuse a partition to be read, or do not any more. */
  readonly onRefusal: (partition: number, isRefused: boolean) => void;
}

const packedTopics = new Map<string, PackedTopic>();
/** Partitions that the last answer refused. */
const refused = new Set<string>();
const shelves = new InflationShelves();
let patched = false;

/**
 * From now on, batches of this topic that this process fetches come packed: their records are to be had from `packOf`
 * only. kafkajs 2.2.4 makes an object of more than a kilobyte of each record, with its own buffers, which costs several
 * times as much as all that a sink does with it (docs/decisions/0012).
 * A partition that the consumer is not allowed to read has no records, where kafkajs would give up all others with it.
 * @param roomOf compressed batches are inflated as far as that only, a megabyte at least.
 */
export function packFetchesOf(
  topic: string,
  roomOf: RoomOf = () => DEFAULT_ROOM_BYTES,
  onRefusal: PackedTopic['onRefusal'] = () => undefined,
): void {
  packedTopics.set(topic, { roomOf, onRefusal });
}

/**
 * Makes every consumer of this process inflate in bounded parts: a fetch ends within a batch that is larger, and the
 * next one begins there (docs/decisions/0023). kafkajs 2.2.4 inflates all that an answer holds, whatever it becomes.
 */
export function boundFetches(): void {
  if (patched) return;
  patched = true;
  const fetch = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
  const { protocol } = fetch;
  fetch.protocol = (choice) => (fields) => {
    const request = protocol(choice)(fields);
    if (choice.version !== PATCHED_VERSION) return request;
    return { ...request, response: { ...request.response, decode: (answer) => decodeFetch(answer, fields) } };
  };
}

/** The records of a batch, in memory of their own. */
export function packOf({ messages }: Pick<Batch, 'messages'>): RecordPack {
  if (messages instanceof PackedMessages) return messages.pack;
  return packRecords(
    messages.map(({ key, value, headers, offset, timestamp }) => ({
      ...{ key, value, headers: headers as RecordHeaders },
      ...{ offset: Number(offset), timestamp: Number(timestamp) },
    })),
  );
}

/** What kafkajs's consumer needs to know of the messages of a batch: how many they are, the first and the last offset. */
class PackedMessages extends Array<Pick<KafkaMessage, 'offset'>> {
  constructor(readonly pack: RecordPack) {
    super(pack.count);
    this[0] = { offset: pack.offsetAt(0).toString() };
    this[pack.count - 1] = { offset: pack.offsetAt(pack.count - 1).toString() };
  }

  /** Records before the fetch's offset, aborted ones and control records, which kafkajs takes out, are not among them. */
  override filter(): never {
    return this as never;
  }
}

/** Source: `FetchResponse`, version 11. */
async function decodeFetch(answer: Buffer, { topics }: FetchFields): Promise<object> {
  const { throttleMs, errorCode, sessionId, topics: answers } = readFetch(answer);
  const offsets = askedOffsets(topics);
  let roomBytes = ANSWER_ROOM_BYTES;
  let isCopied = true;
  const responses = [];
  // One partition after the other: what they inflate to adds up.
  for (const { topic: topicName, partitions } of answers) {
    const decoded = [];
    for (const { recordSet, aborted, ...partition } of partitions) {
      const fetchOffset = offsets.get(`${topicName}/${partition.partition}`);
      if (fetchOffset === undefined) throw new RangeError(`${topicName} was not asked for`);
      const part = { topic: topicName, ...partition, aborted, fetchOffset };
      const unpacked = await unpack(recordSet, part, roomBytes);
      roomBytes -= unpacked?.inflatedBytes ?? 0;
      isCopied &&= unpacked !== undefined;
      const messages = unpacked ? messagesOf(unpacked, part) : await kafkajsMessages(recordSet);
      // Those of transactions that were aborted are not among them any more.
      const { errorCode: code } = partition;
      decoded.push({
        ...partition,
        highWatermark: String(partition.highWatermark),
        abortedTransactions: unpacked
          ? []
          : aborted.map(({ producerId, firstOffset }) => ({
              ...{ producerId: String(producerId), firstOffset: String(firstOffset) },
            })),
        errorCode: isRefusedAlone(topicName, partition.partition, code) ? 0 : code,
        messages,
      });
    }
    responses.push({ topicName, partitions: decoded });
  }
  // Packed records are copies; what kafkajs decodes are views.
  if (isCopied) freeAnswer(answer);
  // The broker has not throttled this request: the client is to wait, as kafkajs knows.
  return { throttleTime: 0, clientSideThrottleTime: throttleMs, errorCode, sessionId, responses };
}

/** Whether the consumer hears of a refusal by itself; it is told of the end of one, too. */
function isRefusedAlone(topic: string, partition: number, errorCode: number): boolean {
  const consumer = packedTopics.get(topic);
  const isRefused = errorCode === TOPIC_AUTHORIZATION_FAILED;
  const place = `${topic}/${partition}`;
  if (consumer === undefined || (!isRefused && !refused.has(place))) return false;
  if (isRefused) refused.add(place);
  else refused.delete(place);
  consumer.onRefusal(partition, isRefused);
  return isRefused;
}

/** kafkajs shuffles what it asks for: a topic can be named several times. */
function askedOffsets(topics: FetchFields['topics']): ReadonlyMap<string, number> {
  return new Map(
    topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => [`${topic}/${partition}`, Number(fetchOffset)] as const),
    ),
  );
}

interface PartitionAnswer {
  readonly topic: string;
  readonly partition: number;
  readonly aborted: FetchAnswer['topics'][number]['partitions'][number]['aborted'];
  readonly fetchOffset: number;
}

/** @param leftBytes of the answer's room; when it is used up, other partitions wait for the next fetch. */
function unpack(
  recordSet: Buffer,
  answer: PartitionAnswer,
  leftBytes: number,
): Promise<Unpacked | undefined> {
  const { topic, partition, fetchOffset, aborted } = answer;
  const consumer = packedTopics.get(topic);
  const freeBytes = consumer ? Math.max(LEAST_ROOM_BYTES, consumer.roomOf(partition)) : DEFAULT_ROOM_BYTES;
  const roomBytes = Math.min(freeBytes, PARTITION_ROOM_BYTES, leftBytes);
  const shelf = shelves.of(`${topic}/${partition}`);
  return packRecordSet(recordSet, { fetchOffset, roomBytes, aborted, shelf });
}

/** In the form that kafkajs expects; none, and it will fetch from the same offset again. */
function messagesOf({ pack, nextOffset }: Unpacked, { topic, fetchOffset }: PartitionAnswer): unknown[] {
  if (pack.count === 0) return nextOffset > fetchOffset ? passedOver(fetchOffset, nextOffset) : [];
  if (packedTopics.has(topic)) return new PackedMessages(pack);
  return pack.views().map(({ key, value, headers, offset, timestamp }) => {
    return { magicByte: 2, attributes: 0, key, value, headers, offset, timestamp, isControlRecord: false };
  });
}

/** What kafkajs takes out and goes past. */
function passedOver(firstOffset: number, nextOffset: number): unknown[] {
  const ends = [firstOffset, nextOffset - 1];
  return ends.map((offset) => ({ offset: offset.toString(), isControlRecord: true }));
}

function kafkajsMessages(recordSet: Buffer): Promise<KafkaMessage[]> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(recordSet.length);
  return decodeMessages(new DecoderOf(Buffer.concat([length, recordSet])));
}
