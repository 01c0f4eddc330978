import {
  type AbortedTransaction,
  InflationShelves,
  packRecords,
  packRecordSet,
  readFetch,
  type RecordHeaders,
  type RecordPack,
  type Unpacked,
} from '@pipeline/kafka-wire';
import { type KafkaMessage, privateModule } from './kafkajs/kafkajs.ts';
import { freeAnswer } from './kafkajs/receive-patch.ts';
import { type Tap } from './requests.ts';

/** What a consumer says and hears of the partitions that it fetches. */
export interface FetchUse {
  /** `packs`: records are to be had from {@link packOf}; `messages`: as kafkajs hands them over. */
  readonly form: 'packs' | 'messages';
  /** How many more bytes of a partition's records may be held; compressed batches are inflated as far as that only. */
  readonly roomOf?: (topic: string, partition: number) => number;
  /**
   * The brokers refuse a partition to be read, or do not any more. Without it kafkajs hears of the refusal and gives up the
   * other partitions of the fetch, too.
   */
  readonly onRefusal?: (topic: string, partition: number, isRefused: boolean) => void;
}

/** One partition's part of an answer. */
export interface PartitionRecords {
  readonly topic: string;
  readonly partition: number;
  readonly fetchOffset: number;
  readonly recordSet: Buffer;
  readonly aborted: readonly AbortedTransaction[];
}

interface FetchFields {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly fetchOffset: string }[];
  }[];
}

/** The first or last record of what was fetched of a partition: all that kafkajs's consumer wants to know of records. */
interface FetchEnd {
  readonly offset: string;
  /** kafkajs leaves those out and goes past them. */
  readonly isControlRecord: boolean;
  /** All of the records. */
  readonly pack: RecordPack | undefined;
}

const TOPIC_AUTHORIZATION_FAILED = 29;
/** Of brokers since Kafka 2.3, and the last one that kafkajs speaks. */
const FETCH_VERSION = 11;

/** What the compressed batches of one answer may inflate to, over all partitions, and of one of them. */
const ANSWER_ROOM_BYTES = 16 << 20;
const PARTITION_ROOM_BYTES = 8 << 20;
/** Where a partition has no room left, so that it gets on. */
const LEAST_ROOM_BYTES = 1 << 20;
/** Of a consumer that has no budget: questions, replies, tools. */
const DEFAULT_ROOM_BYTES = 4 << 20;

/**
 * Reads the fetch answers of one consumer in place of kafkajs 2.2.4, which makes an object of more than a kilobyte of each
 * record, with its own buffers, several times what a sink does with it (docs/decisions/0012), and inflates all that an answer
 * holds, whatever it becomes. Here compressed batches are inflated in bounded parts: a fetch ends within a batch that is
 * larger, and the next one begins there (docs/decisions/0023).
 */
export class FetchReader {
  /** Partitions that the last answer refused. */
  private readonly refused = new Set<string>();
  private readonly shelves = new InflationShelves();

  constructor(private readonly use: FetchUse) {}

  /** For fetch requests. */
  readonly tap: Tap = (request, fields) => {
    if (request.request.apiVersion !== FETCH_VERSION) return request;
    const decode = (answer: Buffer) => this.decode(answer, fields as FetchFields);
    return { ...request, response: { ...request.response, decode } };
  };

  /** As kafkajs decodes it. */
  private async decode(answer: Buffer, { topics }: FetchFields): Promise<object> {
    const { throttleMs, errorCode, sessionId, topics: answers } = readFetch(answer);
    const offsets = askedOffsets(topics);
    let roomBytes = ANSWER_ROOM_BYTES;
    const responses = [];
    // One partition after the other: what they inflate to adds up.
    for (const { topic, partitions } of answers) {
      const decoded = [];
      for (const { recordSet, aborted, ...partition } of partitions) {
        const fetchOffset = offsets.get(`${topic}/${partition.partition}`);
        if (fetchOffset === undefined) throw new RangeError(`${topic} was not asked for`);
        const part = { topic, partition: partition.partition, fetchOffset, recordSet, aborted };
        const unpacked = await this.unpack(part, roomBytes);
        roomBytes -= unpacked.inflatedBytes;
        decoded.push({
          ...partition,
          highWatermark: String(partition.highWatermark),
          // Their records are left out already.
          abortedTransactions: [],
          errorCode: this.isRefusedAlone(part, partition.errorCode) ? 0 : partition.errorCode,
          messages: this.messagesOf(unpacked, fetchOffset),
        });
      }
      responses.push({ topicName: topic, partitions: decoded });
    }
    freeAnswer(answer);
    // The broker has not throttled this request: the client is to wait, as kafkajs knows.
    return { throttleTime: 0, clientSideThrottleTime: throttleMs, errorCode, sessionId, responses };
  }

  /** @param leftBytes of the answer's room; when it is used up, other partitions wait for the next fetch. */
  unpack(part: PartitionRecords, leftBytes = ANSWER_ROOM_BYTES): Promise<Unpacked> {
    const { topic, partition } = part;
    const { roomOf } = this.use;
    const freeBytes = roomOf ? Math.max(LEAST_ROOM_BYTES, roomOf(topic, partition)) : DEFAULT_ROOM_BYTES;
    const roomBytes = Math.min(freeBytes, PARTITION_ROOM_BYTES, leftBytes);
    return unpackPart(part, roomBytes, this.shelves);
  }

  /** Whether the consumer hears of a refusal by itself; it is told of the end of one, too. */
  private isRefusedAlone({ topic, partition }: PartitionRecords, errorCode: number): boolean {
    const isRefused = errorCode === TOPIC_AUTHORIZATION_FAILED;
    const place = `${topic}/${partition}`;
    const { onRefusal } = this.use;
    if (onRefusal === undefined || (!isRefused && !this.refused.has(place))) return false;
    if (isRefused) this.refused.add(place);
    else this.refused.delete(place);
    onRefusal(topic, partition, isRefused);
    return isRefused;
  }

  /** In the form that kafkajs expects; none, and it will fetch from the same offset again. */
  private messagesOf({ pack, nextOffset }: Unpacked, fetchOffset: number): object[] {
    if (pack.count === 0)
      return nextOffset > fetchOffset ? endsOf(fetchOffset, nextOffset - 1, undefined) : [];
    if (this.use.form === 'packs') return endsOf(pack.offsetAt(0), pack.offsetAt(pack.count - 1), pack);
    return pack.views().map(({ key, value, headers, offset, timestamp }) => ({
      ...{ magicByte: 2, attributes: 0, isControlRecord: false },
      ...{ key, value, headers, offset: String(offset), timestamp: String(timestamp) },
    }));
  }
}

/** The records of a batch that was fetched in packs, in memory of their own. */
export function packOf({ messages }: { readonly messages: readonly object[] }): RecordPack {
  const { pack } = messages[0] as FetchEnd;
  if (pack === undefined) throw new TypeError('A batch that was not fetched in packs');
  return pack;
}

function endsOf(first: number, last: number, pack: RecordPack | undefined): FetchEnd[] {
  const ends = first === last ? [first] : [first, last];
  return ends.map((offset) => ({ offset: String(offset), isControlRecord: pack === undefined, pack }));
}

/** kafkajs shuffles what it asks for: a topic can be named several times. */
function askedOffsets(topics: FetchFields['topics']): ReadonlyMap<string, number> {
  return new Map(
    topics.flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, fetchOffset }) => [`${topic}/${partition}`, Number(fetchOffset)] as const),
    ),
  );
}

async function unpackPart(
  { topic, partition, fetchOffset, recordSet, aborted }: PartitionRecords,
  roomBytes: number,
  shelves: InflationShelves,
): Promise<Unpacked> {
  const shelf = shelves.of(`${topic}/${partition}`);
  const unpacked = await packRecordSet(recordSet, { fetchOffset, roomBytes, aborted, shelf });
  return unpacked ?? (await unpackByKafkajs(recordSet, fetchOffset));
}

/** What is older than record batches, which kafka-wire does not read. */
async function unpackByKafkajs(recordSet: Buffer, fetchOffset: number): Promise<Unpacked> {
  const length = Buffer.alloc(4);
  length.writeInt32BE(recordSet.length);
  const Decoder = privateModule('src/protocol/decoder');
  const decodeMessages = privateModule('src/protocol/requests/fetch/v4/decodeMessages');
  const messages = await decodeMessages(new Decoder(Buffer.concat([length, recordSet])));
  const records = messages.map(recordOf).filter(({ offset }) => offset >= fetchOffset);
  const nextOffset = (records.at(-1)?.offset ?? fetchOffset - 1) + 1;
  return { pack: packRecords(records), nextOffset, inflatedBytes: 0 };
}

function recordOf({ key, value, headers, offset, timestamp }: KafkaMessage) {
  return {
    ...{ key, value, headers: (headers ?? {}) as RecordHeaders },
    ...{ offset: Number(offset), timestamp: Number(timestamp) },
  };
}
