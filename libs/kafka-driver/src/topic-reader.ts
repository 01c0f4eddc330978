import { randomUUID } from 'node:crypto';
import { type Logger } from '@pipeline/observability';
import { type Batch, type Consumer, type Kafka, type TopicPartitionOffset } from 'kafkajs';
import { type KafkaRecord } from '@pipeline/kafka-wire';
import { createKafka } from './kafka-client.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { packFetchesOf, packOf } from './patches/fetch-patch.ts';

/** What a partition held when reading began: `[startOffset, endOffset)`. */
export interface PartitionExtent {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** Some records of one partition, in order. */
export interface RecordChunk {
  readonly partition: number;
  readonly records: readonly KafkaRecord[];
}

const CONSUMER = { maxWaitTimeInMs: 100, maxBytesPerPartition: 4 << 20, allowAutoTopicCreation: false };

/** Reads whole topics once, for tools: no group of its own survives, nothing is committed. */
export class TopicReader {
  private readonly kafka: Kafka;

  constructor(connection: KafkaConnection, logger: Logger) {
    this.kafka = createKafka(connection, logger);
  }

  /** The extents of a topic's partitions now. */
  async extents(topic: string): Promise<PartitionExtent[]> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets
        .map(({ partition, low, high }) => ({ partition, startOffset: BigInt(low), endOffset: BigInt(high) }))
        .sort((a, b) => a.partition - b.partition);
    } finally {
      await admin.disconnect();
    }
  }

  /** What a group has committed, by partition; partitions without a commit are absent. */
  async committed(topic: string, groupId: string): Promise<Map<number, bigint>> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      const [entry] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const commits = (entry?.partitions ?? []).map(
        ({ partition, offset }) => [partition, BigInt(offset)] as const,
      );
      return new Map(commits.filter(([, offset]) => offset >= 0n));
    } finally {
      await admin.disconnect();
    }
  }

  /**
   * Hands over every record up to where the partitions end when the call is made. The next fetch waits for `onChunk`,
   * so memory stays bounded whatever the topic holds.
   * @param newest no more than this many of each partition, the newest; default: all.
   * @returns the extents that were read.
   */
  async read(
    topic: string,
    onChunk: (chunk: RecordChunk) => void | Promise<void>,
    { newest = Number.MAX_SAFE_INTEGER }: { readonly newest?: number } = {},
  ): Promise<PartitionExtent[]> {
    const whole = await this.extents(topic);
    const extents = whole.map((extent) => newestOf(extent, BigInt(newest)));
    const seeks = extents
      .filter((extent) => !whole.includes(extent))
      .map(({ partition, startOffset }) => ({ topic, partition, offset: String(startOffset) }));
    const open = new Map(
      extents
        .filter((extent) => extent.startOffset < extent.endOffset)
        .map((extent) => [extent.partition, extent]),
    );
    if (open.size === 0) return extents;
    packFetchesOf(topic);
    const groupId = `reader-${randomUUID()}`;
    const consumer = this.kafka.consumer({ ...CONSUMER, groupId });
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await this.drain(consumer, { open, seeks }, onChunk);
    } finally {
      await consumer.disconnect();
      await this.deleteGroup(groupId);
    }
    return extents;
  }

  private drain(
    consumer: Consumer,
    { open, seeks }: { open: Map<number, PartitionExtent>; seeks: readonly TopicPartitionOffset[] },
    onChunk: (chunk: RecordChunk) => void | Promise<void>,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
        if (!restart) reject(error);
      });
      // Also of a fetch of which no record is left, because its transaction was aborted.
      consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload: { partition, lastOffset } }) => {
        const extent = open.get(partition);
        if (extent !== undefined && BigInt(lastOffset) + 1n >= extent.endOffset) open.delete(partition);
        if (open.size === 0) resolve();
      });
      const eachBatch = async ({ batch }: { batch: Batch }) => {
        const extent = open.get(batch.partition);
        if (extent === undefined) return;
        const { startOffset, endOffset } = extent;
        // A fetch that began before the seek has older ones.
        const records = packOf(batch)
          .views()
          .filter(({ offset }) => BigInt(offset) >= startOffset && BigInt(offset) < endOffset);
        try {
          if (records.length > 0) await onChunk({ partition: batch.partition, records });
        } catch (error) {
          reject(error instanceof Error ? error : new Error('reading was stopped', { cause: error }));
        }
      };
      consumer
        .run({ autoCommit: false, eachBatch })
        .then(() => seeks.forEach((seek) => consumer.seek(seek)))
        .catch(reject);
    });
  }

  private async deleteGroup(groupId: string): Promise<void> {
    const admin = this.kafka.admin();
    await admin.connect();
    try {
      await admin.deleteGroups([groupId]);
    } finally {
      await admin.disconnect();
    }
  }
}

function newestOf(extent: PartitionExtent, records: bigint): PartitionExtent {
  const startOffset = extent.endOffset - records;
  return startOffset > extent.startOffset ? { ...extent, startOffset } : extent;
}
