import { createRequire } from 'node:module';
import { type Batch, type KafkaMessage } from 'kafkajs';
import { freeAnswer } from '../client/receive-patch.ts';
import { packMessages } from './pack-messages.ts';
import { packRecordSet } from './pack-record-set.ts';
import { type RecordPack } from './record-pack.ts';

interface Decoder {
  readInt16(): number;
  readInt32(): number;
  readInt64(): bigint;
  readString(): string;
  readBytes(length: number): Buffer;
  readArray<T>(read: (decoder: Decoder) => T): T[];
}

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

/** Of brokers since Kafka 2.3, and the last one that kafkajs speaks. */
const PATCHED_VERSION = 11;

const require = createRequire(import.meta.url);
const DecoderOf = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => Decoder;
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages') as (
  decoder: Decoder,
) => Promise<KafkaMessage[]>;
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression') as {
  lookupCodecByAttributes: (
    attributes: number,
  ) => { decompress: (records: Buffer) => Promise<Buffer> } | null;
};

const packedTopics = new Set<string>();
let patched = false;

/**
 * From now on, batches of this topic that this process fetches come packed: their records are to be had from `packOf`
 * only. kafkajs 2.2.4 makes an object of more than a kilobyte of each record, with its own buffers, which costs several
 * times as much as all that a sink does with it (docs/decisions/0012).
 */
export function packFetchesOf(topic: string): void {
  packedTopics.add(topic);
  if (patched) return;
  patched = true;
  const fetch = require('kafkajs/src/protocol/requests/fetch') as FetchDefinition;
  const { protocol } = fetch;
  fetch.protocol = (choice) => (fields) => {
    const request = protocol(choice)(fields);
    const isPacked =
      choice.version === PATCHED_VERSION && fields.topics.every(({ topic: name }) => packedTopics.has(name));
    if (!isPacked) return request;
    return { ...request, response: { ...request.response, decode: (answer) => decodeFetch(answer, fields) } };
  };
}

/** The records of a batch, in memory of their own. */
export function packOf({ messages }: Pick<Batch, 'messages'>): RecordPack {
  return messages instanceof PackedMessages ? messages.pack : packMessages(messages);
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
  const decoder = new DecoderOf(answer);
  const clientSideThrottleTime = decoder.readInt32();
  const errorCode = decoder.readInt16();
  const sessionId = decoder.readInt32();
  const answers = decoder.readArray(readTopic);
  const responses = await Promise.all(
    answers.map(async ({ topicName, partitions }) => {
      const asked = topics.find(({ topic }) => topic === topicName)?.partitions;
      const offsetOf = (id: number): bigint =>
        BigInt(asked?.find(({ partition }) => partition === id)?.fetchOffset ?? 0);
      return {
        topicName,
        partitions: await Promise.all(partitions.map((each) => withMessages(each, offsetOf(each.partition)))),
      };
    }),
  );
  // Packed records are copies; what kafkajs decodes are views.
  if (responses.every(({ partitions }) => partitions.every(isCopied))) freeAnswer(answer);
  // The broker has not throttled this request: the client is to wait, as kafkajs knows.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

type PartitionAnswer = ReturnType<typeof readPartition>;

function readTopic(decoder: Decoder) {
  return { topicName: decoder.readString(), partitions: decoder.readArray(readPartition) };
}

function readPartition(decoder: Decoder) {
  return {
    partition: decoder.readInt32(),
    errorCode: decoder.readInt16(),
    highWatermark: decoder.readInt64().toString(),
    lastStableOffset: decoder.readInt64().toString(),
    lastStartOffset: decoder.readInt64().toString(),
    abortedTransactions: decoder.readArray((aborted) => ({
      producerId: aborted.readInt64().toString(),
      firstOffset: aborted.readInt64().toString(),
    })),
    preferredReadReplica: decoder.readInt32(),
    recordSet: decoder.readBytes(Math.max(0, decoder.readInt32())),
  };
}

async function withMessages({ recordSet, ...partition }: PartitionAnswer, fetchOffset: bigint) {
  const pack = await packRecordSet(recordSet, fetchOffset, codecOf);
  return { ...partition, messages: pack ? new PackedMessages(pack) : await kafkajsMessages(recordSet) };
}

function isCopied({ messages }: { readonly messages: readonly unknown[] }): boolean {
  return messages.length === 0 || messages instanceof PackedMessages;
}

function kafkajsMessages(recordSet: Buffer): Promise<KafkaMessage[]> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(recordSet.length);
  return decodeMessages(new DecoderOf(Buffer.concat([length, recordSet])));
}

function codecOf(attributes: number): ((records: Buffer) => Promise<Buffer>) | undefined {
  const codec = lookupCodecByAttributes(attributes);
  return codec ? (records) => codec.decompress(records) : undefined;
}
