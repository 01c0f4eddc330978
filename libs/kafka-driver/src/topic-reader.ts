import {
  fetchRequest,
  type KafkaRecord,
  readFetch,
  type RecordHeaders,
  type RecordPack,
} from '@pipeline/kafka-wire';
import { type Logger } from '@pipeline/observability';
import { backoffMs, pause } from './backoff.ts';
import { createCluster } from './cluster.ts';
import { FetchReader } from './fetch-reader.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type KafkajsBroker, type KafkajsCluster, privateModule } from './kafkajs/kafkajs.ts';
import { OffsetReader, type PartitionExtent } from './offset-reader.ts';
import { freeAnswer } from './kafkajs/receive-patch.ts';
import { sendParts } from './send-parts.ts';

/** A part of one partition: `[startOffset, endOffset)`. */
export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** A record as a range has it: its parts without a text for each number. */
export interface RangeRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; the broker's append time for event topics. */
  readonly timestamp: number;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/** Some records of one partition, in order. */
export interface RecordChunk {
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

const TIMEOUTS = { requestTimeoutMs: 15_000, connectionTimeoutMs: 3_000, retries: 1, maxRetryTimeMs: 1_000 };
const MAX_WAIT_MS = 1_000;
const MAX_BYTES = 2 << 20;
const LEAST_BYTES = 64 << 10;
/** A fetch that asks for too little has to be followed by another one, which costs more than these bytes. */
const SPARE = 1.1;

/** The records of a range, part by part; a part may begin before the range and end behind it. */
interface RangePart {
  readonly pack: RecordPack;
  readonly nextOffset: number;
}

/**
 * Reads parts of partitions again and again over the same connections, without a consumer group. Connects at the first
 * call, and again after a failure.
 */
export class RangeReader {
  private cluster: Promise<KafkajsCluster> | undefined;
  private readonly fetches = new FetchReader({ form: 'packs' });
  /** Bytes of a record of each topic, as the last fetch had them. */
  private readonly recordBytes = new Map<string, number>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /**
   * Hands over the records of a range that lies below what consumers may read; records of aborted transactions are left out.
   * @param onRecord the record and its value are valid until it returns.
   */
  async read(range: OffsetRange, onRecord: (record: RangeRecord) => void): Promise<void> {
    const [from, end] = [Number(range.startOffset), Number(range.endOffset)];
    for await (const { pack } of this.parts(range)) {
      for (let index = 0; index < pack.count; index += 1) {
        const offset = pack.offsetAt(index);
        if (offset >= end) break;
        if (offset >= from) onRecord(new PackedRangeRecord(pack, index, offset));
      }
      pack.free();
    }
  }

  /** The next part is fetched when it is asked for; the memory of each is the caller's. */
  async *parts({ topic, partition, startOffset, endOffset }: OffsetRange): AsyncGenerator<RangePart> {
    const end = Number(endOffset);
    this.cluster ??= this.connect();
    const { cluster } = this;
    try {
      const broker = await leaderOf(await cluster, topic, partition);
      for (let fetchOffset = Number(startOffset); fetchOffset < end;) {
        const maxBytes = this.bytesOf(topic, end - fetchOffset);
        const { pack, nextOffset } = await this.fetch(broker, { topic, partition, fetchOffset, maxBytes });
        if (pack.count > 0) this.recordBytes.set(topic, pack.bytes.length / pack.count);
        yield { pack, nextOffset };
        fetchOffset = nextOffset;
      }
    } catch (error) {
      if (this.cluster === cluster) await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    await cluster?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private fetch(
    broker: KafkajsBroker,
    {
      topic,
      maxBytes,
      ...place
    }: { topic: string; partition: number; fetchOffset: number; maxBytes: number },
  ) {
    const partitions = [{ ...place, maxBytes }];
    const request = fetchRequest({ maxWaitMs: MAX_WAIT_MS, maxBytes, topics: [{ topic, partitions }] });
    return sendParts(broker.connectionPool, request, (answer) => {
      const { throttleMs, topics } = readFetch(answer);
      const { recordSet, aborted, errorCode } = topics[0]!.partitions[0]!;
      if (errorCode !== 0) throw privateModule('src/protocol/error').createErrorFromCode(errorCode);
      const unpacked = this.fetches.unpack({ topic, ...place, recordSet, aborted });
      return { result: unpacked.finally(() => freeAnswer(answer)), throttleMs };
    });
  }

  /** What lies behind a range is not to be fetched, decoded and thrown away. */
  private bytesOf(topic: string, records: number): number {
    const wanted = Math.ceil(records * SPARE * (this.recordBytes.get(topic) ?? MAX_BYTES));
    return Math.min(MAX_BYTES, Math.max(LEAST_BYTES, wanted));
  }

  private async connect(): Promise<KafkajsCluster> {
    const cluster = createCluster(this.connection, this.logger, TIMEOUTS);
    await cluster.connect();
    return cluster;
  }
}

async function leaderOf(cluster: KafkajsCluster, topic: string, partition: number): Promise<KafkajsBroker> {
  await cluster.addMultipleTargetTopics([topic]);
  await cluster.refreshMetadataIfNecessary();
  const partitions = cluster.findTopicPartitionMetadata(topic);
  const found = partitions.find(({ partitionId }) => partitionId === partition);
  if (found === undefined) throw new Error(`${topic} has no partition ${partition}`);
  return cluster.findBroker({ nodeId: found.leader });
}

class PackedRangeRecord implements RangeRecord {
  readonly value: Buffer | null;
  readonly timestamp: number;

  constructor(
    private readonly pack: RecordPack,
    private readonly index: number,
    readonly offset: number,
  ) {
    this.value = pack.valueAt(index);
    this.timestamp = pack.timestampAt(index);
  }

  get headers(): RecordHeaders {
    return this.pack.headersAt(this.index);
  }
}

const RETRY = { initialMs: 100, maxMs: 2_000 };
/** Failures in a row, without a record in between, after which reading a topic fails. */
const MOST_FAILURES = 8;

/** Reads whole topics once, for tools and questions about few records. */
export class TopicReader {
  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /**
   * Hands over every record up to where the partitions end when the call is made, one partition after the other. The next
   * fetch waits for `onChunk`, so memory stays bounded whatever the topic holds.
   * @param newest no more than this many of each partition, the newest; default: all.
   * @returns the extents that were read.
   */
  async read(
    topic: string,
    onChunk: (chunk: RecordChunk) => void | Promise<void>,
    { newest = Number.MAX_SAFE_INTEGER }: { readonly newest?: number } = {},
  ): Promise<PartitionExtent[]> {
    const offsets = new OffsetReader(this.connection, this.logger);
    const ranges = new RangeReader(this.connection, this.logger);
    try {
      const extents = (await offsets.extents(topic)).map((extent) => newestOf(extent, BigInt(newest)));
      for (const extent of extents) await this.drain({ topic, ...extent }, { offsets, ranges }, onChunk);
      return extents;
    } finally {
      await Promise.all([offsets.close(), ranges.close()]);
    }
  }

  /** A leader that moves or restarts is waited for: what was handed over is not read again. */
  private async drain(
    range: OffsetRange,
    { offsets, ranges }: { readonly offsets: OffsetReader; readonly ranges: RangeReader },
    onChunk: (chunk: RecordChunk) => void | Promise<void>,
  ): Promise<void> {
    const { partition, endOffset } = range;
    let { startOffset } = range;
    for (let failures = 0; startOffset < endOffset;) {
      let isOurs = false;
      try {
        for await (const { pack, nextOffset } of ranges.parts({ ...range, startOffset })) {
          const views = pack.views();
          const records = views.filter(
            ({ offset }) => BigInt(offset) >= startOffset && BigInt(offset) < endOffset,
          );
          isOurs = true;
          if (records.length > 0) await onChunk({ partition, records });
          isOurs = false;
          startOffset = BigInt(nextOffset);
          failures = 0;
        }
      } catch (error) {
        if (isOurs || failures >= MOST_FAILURES) throw error;
        this.logger.debug({ err: error, topic: range.topic, partition }, 'topic is read again');
        await pause(backoffMs(failures++, RETRY));
        if (isOutOfRange(error)) startOffset = await startNow(range, offsets);
      }
    }
  }
}

async function startNow(
  { topic, partition, endOffset }: OffsetRange,
  offsets: OffsetReader,
): Promise<bigint> {
  const extent = (await offsets.extents(topic)).find((each) => each.partition === partition);
  return extent?.startOffset ?? endOffset;
}

/** What was to be read has been deleted meanwhile. */
function isOutOfRange(error: unknown): boolean {
  return (error as { readonly type?: string }).type === 'OFFSET_OUT_OF_RANGE';
}

function newestOf(extent: PartitionExtent, records: bigint): PartitionExtent {
  const startOffset = extent.endOffset - records;
  return startOffset > extent.startOffset ? { ...extent, startOffset } : extent;
}
