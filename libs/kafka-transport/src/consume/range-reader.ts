import { createRequire } from 'node:module';
import { type Logger } from '@pipeline/observability';
import { type Batch } from 'kafkajs';
import { createCluster } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { type ClusterBroker, type KafkajsCluster } from '../client/kafkajs-cluster.ts';
import { packFetchesOf, packOf } from './fetch-patch.ts';
import { type KafkaRecord } from './record-batch.ts';

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
const CONSUMER = -1;
const READ_COMMITTED = 1;

/**
 * Reads parts of partitions again and again over the same connections, without a consumer group. Connects at the first
 * call, and again after a failure.
 */
export class RangeReader {
  private cluster: Promise<KafkajsCluster> | undefined;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /**
   * Hands over the records of a range that lies below what consumers may read; records of aborted transactions are left out.
   * @param onRecords the records are valid until it returns.
   */
  async read(range: OffsetRange, onRecords: (records: readonly KafkaRecord[]) => void): Promise<void> {
    const { topic, partition, startOffset, endOffset } = range;
    packFetchesOf(topic);
    this.cluster ??= this.connect();
    const { cluster } = this;
    try {
      const broker = await leaderOf(await cluster, topic, partition);
      for (let next = startOffset; next < endOffset;) {
        const batch = await fetchOnce(broker, { topic, partition, offset: String(next) });
        const pack = packOf(batch);
        const isInside = ({ offset }: KafkaRecord) => BigInt(offset) >= next && BigInt(offset) < endOffset;
        const records = pack.views();
        const isWhole = records.length > 0 && isInside(records[0]!) && isInside(records.at(-1)!);
        onRecords(isWhole ? records : records.filter(isInside));
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

async function fetchOnce(
  broker: FetchingBroker,
  {
    topic,
    partition,
    offset,
  }: { readonly topic: string; readonly partition: number; readonly offset: string },
): Promise<Batch> {
  const { responses } = await broker.fetch({
    replicaId: CONSUMER,
    isolationLevel: READ_COMMITTED,
    maxWaitTime: 1_000,
    minBytes: 1,
    maxBytes: MAX_BYTES,
    topics: [{ topic, partitions: [{ partition, fetchOffset: offset, maxBytes: MAX_BYTES }] }],
  });
  return new BatchOf(topic, offset, responses[0]!.partitions[0]!);
}
