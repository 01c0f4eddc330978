import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { type Logger, type PipelineMetrics, type Readiness } from '@pipeline/observability';
import { type Admin, type Consumer, type EachBatchPayload, type Kafka } from 'kafkajs';
import { isObservable, lastValueFrom } from 'rxjs';
import { backoffMs, pause } from '../backoff.ts';
import { createKafka } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { endProcess } from '../end-process.ts';
import { AssignmentLoader, type PartitionId, type PartitionStart } from './assignment-loader.ts';
import { BatchContext } from './batch-context.ts';
import { assertOneHandlerPerTopic } from './handler-check.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { PartitionFeed } from './partition-feed.ts';
import { type RecordBatch } from './record-batch.ts';

/** Transport id of the batch strategy: `@EventPattern(TOPICS.selectColor.name, KAFKA_BATCH)`. */
export const KAFKA_BATCH = Symbol('kafka-batch');

export interface KafkaBatchServerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  /** Where a group without commits starts: the beginning of the topic, or its end (a live feed). */
  readonly fromBeginning: boolean;
  /** Bytes that may be handed over and not yet durable, split evenly between the assigned partitions. */
  readonly maxInFlightBytes: number;
  /** A member that is silent for this long loses its partitions. */
  readonly sessionTimeoutMs?: number;
  /** How long `close` waits for handlers to finish. */
  readonly drainTimeoutMs?: number;
  /** The group is of this process alone and is deleted when it stops. */
  readonly deleteGroupOnClose?: boolean;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  readonly readiness: Readiness;
  /** Called when the consumer can never recover. The default ends the process, so that it is restarted. */
  readonly onFatal?: (error: Error) => void;
  /** The client to use; made from the connection where absent. */
  readonly kafka?: Pick<Kafka, 'consumer' | 'admin'>;
}

const FETCH = { minBytes: 1, maxBytes: 4 << 20, maxBytesPerPartition: 1 << 20, maxWaitTimeInMs: 1_000 };
const RETRY = { initialMs: 200, maxMs: 5_000 };

/**
 * Nest transport strategy that hands each `@EventPattern` handler one partition's records at a time, undecoded.
 *
 * The offset behind a batch is committed only after its handler has resolved, and only together with all batches
 * before it. Calls for one partition are made in order and the next may come before the previous has resolved; a
 * handler that rejects has its partition read again from the last commit after a pause. When the group rebalances,
 * the `revoked` signal of every assignment aborts, and nothing of it is committed any more.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  override readonly transportId = KAFKA_BATCH;

  private readonly consumer: Consumer;
  private readonly admin: Admin;
  private readonly committer: OffsetCommitter;
  private readonly loader: AssignmentLoader;
  private readonly drain = new AbortController();
  private readonly stopped = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  private readonly alarms = new Map<string, string>();
  private feeds = new Map<string, PartitionFeed>();
  private generation = new AbortController();
  private notReady: string | undefined = 'not connected to Kafka';

  constructor(private readonly options: KafkaBatchServerOptions) {
    super();
    const { connection, groupId, fromBeginning, logger, readiness } = options;
    const kafka = options.kafka ?? createKafka(connection, logger);
    const { sessionTimeoutMs = 30_000 } = options;
    this.consumer = kafka.consumer({
      ...FETCH,
      groupId,
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.min(3_000, sessionTimeoutMs / 3),
      // A member that dies while it joins keeps the others waiting for so long. Handlers block no heartbeat here, so
      // whoever is alive rejoins within one.
      rebalanceTimeout: sessionTimeoutMs,
      metadataMaxAge: 30_000,
      allowAutoTopicCreation: false,
    });
    this.admin = kafka.admin();
    this.committer = new OffsetCommitter(this.consumer, logger);
    this.loader = new AssignmentLoader(this.admin, { groupId, fromBeginning, logger });
    readiness.register(`consumer ${groupId}`, () => this.notReady ?? [...this.alarms.values()][0]);
    this.watch();
  }

  /** Returns at once; connecting goes on in the background until it succeeds, and readiness tells. */
  listen(callback: (error?: unknown) => void): void {
    try {
      assertOneHandlerPerTopic(this.messageHandlers);
    } catch (error) {
      callback(error);
      return;
    }
    void this.start();
    callback();
  }

  /** Makes what is buffered durable (bounded in time), commits it and leaves the group. */
  async close(): Promise<void> {
    this.notReady = 'stopping';
    this.drain.abort();
    this.pauseFetch([...this.feeds.values()].map(({ assignment }) => assignment));
    await Promise.race([this.settle(), pause(this.options.drainTimeoutMs ?? 15_000, this.stopped.signal)]);
    this.stopped.abort();
    this.generation.abort();
    for (const feed of this.feeds.values()) feed.revoke();
    await this.consumer.disconnect();
    if (this.options.deleteGroupOnClose) await this.deleteGroup();
    await this.admin.disconnect();
  }

  on(): never {
    throw new Error('KafkaBatchServer has no events; use `status`');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    for (let attempt = 0; !this.drain.signal.aborted; attempt++) {
      try {
        await this.consumer.connect();
        await this.consumer.subscribe({
          topics: [...this.messageHandlers.keys()],
          fromBeginning: this.options.fromBeginning,
        });
        await this.consumer.run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: (payload) => Promise.resolve(this.receive(payload)),
        });
        return;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'consumer could not connect');
        await pause(backoffMs(attempt, RETRY), this.drain.signal);
      }
    }
  }

  private watch(): void {
    const { GROUP_JOIN, CRASH } = this.consumer.events;
    const { logger, onFatal = endProcess(logger) } = this.options;
    this.consumer.on(GROUP_JOIN, ({ payload }) => void this.join(payload.memberAssignment));
    this.consumer.on(CRASH, ({ payload: { error, restart } }) => {
      this.notReady = 'consumer crashed';
      logger.warn({ err: error, restart }, 'consumer crashed');
      if (!restart) onFatal(error);
    });
  }

  /**
   * kafkajs reads every partition again from its committed offset after a join, so whatever was buffered before is
   * given up. Fetching stays paused until the starting offsets are known; a fetch that was under way across the join
   * is then dropped by the feed.
   */
  private async join(memberAssignment: Readonly<Record<string, number[]>>): Promise<void> {
    this.generation.abort();
    this.generation = new AbortController();
    for (const feed of this.feeds.values()) feed.revoke();
    this.feeds = new Map();
    this.alarms.clear();
    const partitions = Object.entries(memberAssignment).flatMap(([topic, ids]) =>
      ids.map((partition) => ({ topic, partition })),
    );
    this.pauseFetch(partitions);
    this.options.metrics.rebalances.inc();
    this.options.logger.info({ partitions: memberAssignment }, 'partitions assigned');
    await this.open(partitions, Math.floor(this.options.maxInFlightBytes / Math.max(1, partitions.length)));
  }

  private async open(partitions: readonly PartitionId[], shareBytes: number): Promise<void> {
    const { signal } = this.generation;
    const starts = partitions.length === 0 ? [] : await this.loader.load(partitions, signal);
    if (signal.aborted || this.drain.signal.aborted) return;
    for (const start of starts) this.openFeed(start, shareBytes);
    this.notReady = undefined;
    this._status$.next('connected');
  }

  private openFeed({ expected, alarm, ...start }: PartitionStart, shareBytes: number): void {
    const { topic, partition } = start;
    this.options.metrics.partitionsHalted.set({ topic, partition }, alarm === undefined ? 0 : 1);
    if (alarm !== undefined) {
      this.alarms.set(key(start), `${topic}/${partition}: ${alarm}`);
      this.options.logger.error({ topic, partition, alarm }, 'partition halted');
      return;
    }
    const feed: PartitionFeed = new PartitionFeed(
      { ...start, shareBytes, draining: this.drain.signal },
      { expected, onRoom: () => this.fetchMore(feed) },
    );
    this.feeds.set(key(start), feed);
    if (expected !== null) this.consumer.seek({ topic, partition, offset: expected.toString() });
    this.resumeFetch(feed);
  }

  private receive(payload: EachBatchPayload): void {
    const { batch } = payload;
    const feed = this.feeds.get(key(batch));
    const handler = this.messageHandlers.get(batch.topic);
    if (!feed || !handler || feed.revoked || this.drain.signal.aborted) return;
    const taken = feed.take(batch);
    if (!taken) {
      this.reopen(feed);
      return;
    }
    payload.resolveOffset(batch.lastOffset());
    this.deliver(feed, handler, taken);
    if (feed.full && !feed.paused) {
      feed.paused = true;
      this.pauseFetch([feed.assignment]);
    }
  }

  private deliver(feed: PartitionFeed, handler: MessageHandler, batch: RecordBatch): void {
    const { topic, partition, count, highWatermark, nextOffset } = batch;
    this.options.metrics.recordsConsumed.inc({ topic, partition }, count);
    this.options.metrics.consumerLag.set({ topic, partition }, Number(highWatermark - nextOffset));
    const durable = feed.tracker.add(nextOffset);
    const done = invoke(handler, batch, feed)
      .then(() => {
        const offset = durable();
        if (offset !== undefined && !feed.revoked) {
          const { memo, revoked } = feed.owned;
          this.committer.commit({ topic, partition, offset, memo: memo?.text, revoked });
        }
      })
      .catch((error: unknown) => this.restart(feed, error))
      .finally(() => {
        batch.release();
        this.inFlight.delete(done);
      });
    this.inFlight.add(done);
  }

  /** A handler that rejected made nothing durable: its partition is read again from the last commit. */
  private async restart(feed: PartitionFeed, error: unknown): Promise<void> {
    if (feed.revoked) return;
    const { topic, partition } = feed.assignment;
    this.options.logger.error({ err: error, topic, partition }, 'batch handler failed');
    feed.revoke();
    this.pauseFetch([feed.assignment]);
    await pause(backoffMs(3, RETRY), this.generation.signal);
    this.reopen(feed);
  }

  private reopen(feed: PartitionFeed): void {
    if (this.feeds.get(key(feed.assignment)) !== feed) return;
    feed.revoke();
    this.feeds.delete(key(feed.assignment));
    this.pauseFetch([feed.assignment]);
    void this.open([feed.assignment], feed.assignment.shareBytes);
  }

  private fetchMore(feed: PartitionFeed): void {
    if (feed.paused && feed.roomy) this.resumeFetch(feed);
  }

  private resumeFetch(feed: PartitionFeed): void {
    if (feed.revoked || this.drain.signal.aborted) return;
    feed.paused = false;
    this.consumer.resume([toTopicPartitions(feed.assignment)]);
  }

  /** kafkajs refuses to pause, even nothing, before its consumer has run. */
  private pauseFetch(partitions: readonly PartitionId[]): void {
    if (partitions.length > 0) this.consumer.pause(partitions.map(toTopicPartitions));
  }

  private async settle(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
    await this.committer.settled();
  }

  private async deleteGroup(): Promise<void> {
    try {
      await this.admin.connect();
      await this.admin.deleteGroups([this.options.groupId]);
    } catch (error) {
      this.options.logger.warn({ err: error, group: this.options.groupId }, 'group could not be deleted');
    }
  }
}

async function invoke(handler: MessageHandler, batch: RecordBatch, feed: PartitionFeed): Promise<void> {
  const result: unknown = await handler(batch, new BatchContext([feed.owned]));
  // Nest turns an exception of the handler into an observable that errors.
  if (isObservable(result)) await lastValueFrom(result, { defaultValue: undefined });
}

function key({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}

function toTopicPartitions({ topic, partition }: PartitionId) {
  return { topic, partitions: [partition] };
}
