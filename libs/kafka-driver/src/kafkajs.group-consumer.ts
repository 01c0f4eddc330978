import { type Logger } from '@pipeline/observability';
import { watchCrashes } from './crashes.ts';
import { packOf } from './fetch-reader.ts';
import {
  type FetchedPack,
  type GroupConsumer,
  type GroupEvents,
  type GroupOptions,
  type OffsetCommit,
  type PartitionId,
} from './group-consumer.ts';
import { createConsumer, createKafka } from './kafka-clients.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type Batch, type Consumer, type EachBatchPayload } from './kafkajs/kafkajs.ts';

const FETCH = { minBytes: 1, maxBytes: 4 << 20, maxBytesPerPartition: 1 << 20, maxWaitTimeInMs: 1_000 };

/** A member of a group by kafkajs, whose consumer schedules fetches, heartbeats and joins. */
export class KafkajsGroupConsumer implements GroupConsumer {
  private readonly consumer: Consumer;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
    private readonly options: GroupOptions,
    private readonly events: GroupEvents,
  ) {
    const { groupId, sessionTimeoutMs } = options;
    const { roomBytes, onRefused, onTopic } = events;
    this.consumer = createConsumer(connection, logger, {
      config: {
        ...FETCH,
        groupId,
        sessionTimeout: sessionTimeoutMs,
        heartbeatInterval: Math.min(3_000, sessionTimeoutMs / 3),
        // A member that dies while it joins keeps the others waiting for so long. Handlers block no heartbeat here, so
        // whoever is alive rejoins within one.
        rebalanceTimeout: sessionTimeoutMs,
      },
      use: {
        form: 'packs',
        roomOf: (topic, partition) => roomBytes({ topic, partition }),
        onRefusal: (topic, partition, isRefused) => onRefused({ topic, partition }, isRefused),
      },
      onTopic,
    });
    this.watch();
  }

  async start(topics: readonly string[]): Promise<void> {
    await this.consumer.connect();
    await this.consumer.subscribe({ topics: [...topics], fromBeginning: this.options.fromBeginning });
    await this.consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => Promise.resolve(this.receive(payload)),
    });
  }

  /** kafkajs refuses to pause, even nothing, before its consumer has run. */
  pause(partitions: readonly PartitionId[]): void {
    if (partitions.length > 0) this.consumer.pause(partitions.map(selection));
  }

  resume(partition: PartitionId): void {
    this.consumer.resume([selection(partition)]);
  }

  seek({ topic, partition }: PartitionId, offset: bigint): void {
    this.consumer.seek({ topic, partition, offset: offset.toString() });
  }

  commit(commits: readonly OffsetCommit[]): Promise<void> {
    return this.consumer.commitOffsets(
      commits.map(({ offset, ...commit }) => ({ ...commit, offset: offset.toString() })),
    );
  }

  stop(): Promise<void> {
    return this.consumer.disconnect();
  }

  async deleteGroup(): Promise<void> {
    const admin = createKafka(this.connection, this.logger).admin();
    await admin.connect();
    try {
      await admin.deleteGroups([this.options.groupId]);
    } finally {
      await admin.disconnect();
    }
  }

  private watch(): void {
    const { GROUP_JOIN, END_BATCH_PROCESS } = this.consumer.events;
    const { onAssigned, onPassedOver, crash } = this.events;
    this.consumer.on(GROUP_JOIN, ({ payload }) => onAssigned(payload.memberAssignment));
    this.consumer.on(END_BATCH_PROCESS, ({ payload }) => {
      const { topic, partition, firstOffset, lastOffset, batchSize } = payload;
      // Without a first offset all that was fetched lies before the fetch.
      if (batchSize > 0 || (firstOffset as string | null) === null) return;
      onPassedOver({
        topic,
        partition,
        firstOffset: BigInt(firstOffset),
        nextOffset: BigInt(lastOffset) + 1n,
      });
    });
    watchCrashes(this.consumer, crash);
  }

  private receive(payload: EachBatchPayload): void {
    const { batch } = payload;
    if (this.events.onFetched(fetchedOf(batch))) payload.resolveOffset(batch.lastOffset());
  }
}

function fetchedOf(batch: Batch): FetchedPack {
  // `fetchedOffset` is missing in the typings of kafkajs 2.2.4.
  const { topic, partition, fetchedOffset, highWatermark } = batch as Batch & {
    readonly fetchedOffset: string;
  };
  return {
    ...{ topic, partition, pack: packOf(batch) },
    fetchOffset: BigInt(fetchedOffset),
    nextOffset: BigInt(batch.lastOffset()) + 1n,
    highWatermark: BigInt(highWatermark),
  };
}

function selection({ topic, partition }: PartitionId) {
  return { topic, partitions: [partition] };
}
