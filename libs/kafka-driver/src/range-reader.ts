import { createRequire } from 'node:module';
import { type Logger } from '@pipeline/observability';
import { type Batch } from 'kafkajs';
import { type RecordHeaders, type RecordPack } from '@pipeline/kafka-wire';
import { createCluster } from './kafka-client.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type ClusterBroker, type KafkajsCluster } from './kafkajs-cluster.ts';
import { packFetchesOf, packOf } from './patches/fetch-patch.ts';

/** A record as a range has it: its parts without a text for each number. */
export interface RangeRecord {
  readonly offset: number;
  /** Milliseconds since the epoch; the broker's append time for event topics. */
  readonly timestamp: number;
  readonly value: Buffer | null;
  readonly headers: RecordHeaders;
}

/** A part of one partition: `[startOffset, endOffset)`. */
export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

interface FetchingBroker extends ClusterBroker {
  fetch(request: {
    readonly replicaId: number;
    readonly isolationLevel: number;
    readonly maxWaitTime: number;
    readonly minBytes: number;
    readonly maxBytes: number;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly {
        readonly partition: number;
        readonly fetchOffset: string;
        readonly maxBytes: number;
      }[];
    }[];
  }): Promise<{ readonly responses: readonly { readonly partitions: readonly object[] }[] }>;
}

const require = createRequire(import.meta.url);
const BatchOf = require('kafkajs/src/consumer/batch') as new (
  topic: string,
  fetchedOffset: string,
  partition: object,
) => Batch;

const TIMEOUTS = { requestTimeoutMs: 15_000, connectionTimeoutMs: 3_000, retries: 1, maxRetryTimeMs: 1_000 };
const MAX_BYTES = 2 << 20;
const LEAST_BYTES = 64 << 10;
/** A fetch that asks for too little has to be followed by another one, which costs more than these bytes. */
const SPARE = 1.1;
const CONSUMER = -1;
const READ_COMMITTED = 1;

/**
 * Reads parts of partitions again and again over the same connections, without a consumer group. Connects at the first
 * call, and again after a failure.
 */
export class RangeReader {
  private cluster: Promise<KafkajsCluster> | undefined;
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
    const { topic, partition, startOffset, endOffset } = range;
    packFetchesOf(topic);
    this.cluster ??= this.connect();
    const { cluster } = this;
    try {
      const broker = await leaderOf(await cluster, topic, partition);
      for (let next = startOffset; next < endOffset;) {
        const maxBytes = this.bytesOf(topic, endOffset - next);
        const batch = await fetchOnce(broker, { topic, partition, offset: String(next), maxBytes });
        const pack = packOf(batch);
        handOver(pack, { from: Number(next), end: Number(endOffset) }, onRecord);
        if (pack.count > 0) this.recordBytes.set(topic, pack.bytes.length / pack.count);
        next = BigInt(batch.lastOffset()) + 1n;
        pack.free();
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

  /** What lies behind a range is not to be fetched, decoded and thrown away. */
  private bytesOf(topic: string, records: bigint): number {
    const wanted = Math.ceil(Number(records) * SPARE * (this.recordBytes.get(topic) ?? MAX_BYTES));
    return Math.min(MAX_BYTES, Math.max(LEAST_BYTES, wanted));
  }

  private async connect(): Promise<KafkajsCluster> {
    const cluster = createCluster(this.connection, this.logger, TIMEOUTS);
    await cluster.connect();
    return cluster;
  }
}

async function leaderOf(cluster: KafkajsCluster, topic: string, partition: number): Promise<FetchingBroker> {
  await cluster.addMultipleTargetTopics([topic]);
  await cluster.refreshMetadataIfNecessary();
  const found = cluster
    .findTopicPartitionMetadata(topic)
    .find(({ partitionId }) => partitionId === partition);
  if (found === undefined) throw new Error(`${topic} has no partition ${partition}`);
  return (await cluster.findBroker({ nodeId: found.leader })) as FetchingBroker;
}

function handOver(
  pack: RecordPack,
  { from, end }: { readonly from: number; readonly end: number },
  onRecord: (record: RangeRecord) => void,
): void {
  for (let index = 0; index < pack.count; index += 1) {
    const offset = pack.offsetAt(index);
    if (offset >= end) return;
    if (offset >= from) onRecord(new PackedRangeRecord(pack, index, offset));
  }
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

async function fetchOnce(
  broker: FetchingBroker,
  {
    topic,
    partition,
    offset,
    maxBytes,
  }: { topic: string; partition: number; offset: string; maxBytes: number },
): Promise<Batch> {
  const { responses } = await broker.fetch({
    replicaId: CONSUMER,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: 1_000,
    minBytes: 1,
    maxBytes,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes }] }],
  });
  return new BatchOf(topic, offset, responses[0]!.partitions[0]!);
}
