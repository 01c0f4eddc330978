import { type MessageHandler } from '@nestjs/microservices';
import { type Logger } from '@pipeline/observability';
import { isObservable, lastValueFrom } from 'rxjs';
import {
  backoffMs,
  type FetchedPack,
  type GroupConsumer,
  type PartitionId,
  type PassedOver,
  pause,
} from '@pipeline/kafka-driver';
import { type AssignmentLoader, type PartitionStart } from './assignment-loader.ts';
import { type ConsumerMetrics } from './consumer-metrics.ts';
import { type LagGauge } from './lag-gauge.ts';
import { type Commit, type OffsetCommitter } from './offset-committer.ts';
import { PartitionFeed } from './partition-feed.ts';
import { BatchContext, type RecordBatch } from './record-batch.ts';

export interface AssignedPartitionsOptions {
  readonly consumer: Pick<GroupConsumer, 'pause' | 'resume' | 'seek'>;
  readonly loader: AssignmentLoader;
  readonly committer: OffsetCommitter;
  readonly lag: LagGauge;
  /** By topic. */
  readonly handlers: ReadonlyMap<string, MessageHandler>;
  /** Bytes that may be handed over and not yet durable, split evenly between the partitions. */
  readonly maxInFlightBytes: number;
  /** Aborted when the member is about to stop: nothing more is taken. */
  readonly draining: AbortSignal;
  readonly logger: Logger;
  readonly metrics: ConsumerMetrics;
  /** The partitions of an assignment, or one that was read again, are being fetched. */
  readonly onOpened: () => void;
}

const RETRY = { initialMs: 200, maxMs: 5_000 };
const ALARMING_REREADS = 3;
const REFUSED_PAUSE_MS = 2_000;

/**
 * What this member of the group owns between two rebalances: hands fetched batches to their handlers, commits behind
 * those that are durable, pauses what is full, reads again what a handler gave back, and forgets all of it when the
 * next assignment comes.
 */
export class AssignedPartitions {
  private readonly inFlight = new Set<Promise<void>>();
  private readonly alarms = new Map<string, string>();
  /** How often a partition was read again since its last commit. */
  private readonly rereads = new Map<string, number>();
  private feeds = new Map<string, PartitionFeed>();
  private generation = new AbortController();

  constructor(private readonly options: AssignedPartitionsOptions) {}

  /** Why one of the partitions is not read; an operator has to look. */
  get alarm(): string | undefined {
    return [...this.alarms.values()][0];
  }

  /** How much more may be fetched of a partition before it is held up. */
  roomBytes(id: PartitionId): number {
    return this.feeds.get(key(id))?.roomBytes ?? 0;
  }

  /**
   * The driver reads every partition again from its committed offset after a join, so whatever was buffered before is
   * given up. Fetching stays paused until the starting offsets are known; a fetch that was under way across the join
   * is then dropped by the feed.
   */
  async replace(memberAssignment: Readonly<Record<string, readonly number[]>>): Promise<void> {
    this.revoke();
    this.generation = new AbortController();
    this.feeds = new Map();
    this.alarms.clear();
    this.rereads.clear();
    this.options.lag.clear();
    const partitions = Object.entries(memberAssignment).flatMap(([topic, ids]) =>
      ids.map((partition) => ({ topic, partition })),
    );
    this.pauseFetch(partitions);
    this.options.metrics.rebalances.inc();
    this.options.logger.info({ partitions: memberAssignment }, 'partitions assigned');
    await this.open(partitions, Math.floor(this.options.maxInFlightBytes / Math.max(1, partitions.length)));
  }

  /**
   * Hands a fetched batch over unless its partition was given away, reopened or is being left meanwhile.
   * @returns whether it did.
   */
  receive(fetched: FetchedPack): boolean {
    const feed = this.feeds.get(key(fetched));
    const handler = this.options.handlers.get(fetched.topic);
    if (!feed || !handler || feed.revoked || this.options.draining.aborted) return false;
    const taken = feed.take(fetched);
    if (!taken) {
      const { topic, partition, fetchOffset } = fetched;
      const fetch = { topic, partition, from: String(fetchOffset), expected: String(feed.nextFetchOffset) };
      this.options.logger.info(fetch, 'fetch does not continue, partition read again');
      this.reopen(feed);
      return false;
    }
    this.deliver(feed, handler, taken);
    if (feed.full && !feed.paused) {
      feed.paused = true;
      this.pauseFetch([feed.assignment]);
    }
    return true;
  }

  /** A fetch of which no record is left: control records, or records of transactions that were aborted. */
  passOver(gap: PassedOver): void {
    const isEnd = this.feeds.get(key(gap))?.passOver(gap) ?? false;
    // Not committed, but nothing that waits.
    if (isEnd) this.options.lag.committed(gap, gap.nextOffset);
  }

  /** A commit has reached the broker. */
  committed({ offset, ...id }: Commit): void {
    this.options.lag.committed(id, offset);
    this.rereads.delete(key(id));
    if (this.feeds.has(key(id))) this.alarms.delete(key(id));
  }

  /** The brokers do not let this member read a partition, or let it again: it is asked for now and then, the others go on. */
  refused(id: PartitionId, isRefused: boolean): void {
    const feed = this.feeds.get(key(id));
    if (feed === undefined || feed.revoked) return;
    if (!isRefused) {
      this.alarms.delete(key(id));
      return;
    }
    if (!this.alarms.has(key(id))) this.options.logger.warn(id, 'partition may not be read');
    this.alarms.set(key(id), `${key(id)}: the brokers do not allow it to be read`);
    if (feed.paused) return;
    feed.paused = true;
    this.pauseFetch([id]);
    void pause(REFUSED_PAUSE_MS, this.generation.signal).then(() => this.resumeFetch(feed));
  }

  /** Fetches nothing any more; what was handed over goes on. */
  pause(): void {
    this.pauseFetch([...this.feeds.values()].map(({ assignment }) => assignment));
  }

  /** Resolves when every handler has ended and what it made durable is committed. */
  async settled(): Promise<void> {
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
    await this.options.committer.settled();
  }

  /** Tells every handler that its partition is lost; nothing of this assignment is committed any more. */
  revoke(): void {
    this.generation.abort();
    for (const feed of this.feeds.values()) feed.revoke();
  }

  /** Topic by topic, so that one that does not answer keeps no other waiting. */
  private async open(partitions: readonly PartitionId[], shareBytes: number): Promise<void> {
    const { signal } = this.generation;
    const topics = Map.groupBy(partitions, ({ topic }) => topic);
    await Promise.all([...topics.values()].map((own) => this.openTopic(own, shareBytes, signal)));
    if (!signal.aborted && !this.options.draining.aborted) this.options.onOpened();
  }

  private async openTopic(
    partitions: readonly PartitionId[],
    shareBytes: number,
    signal: AbortSignal,
  ): Promise<void> {
    const starts = await this.options.loader.load(partitions, signal);
    if (signal.aborted || this.options.draining.aborted) return;
    for (const start of starts) this.openFeed(start, shareBytes);
  }

  private openFeed({ expected, alarm, endOffset, ...start }: PartitionStart, shareBytes: number): void {
    const { topic, partition } = start;
    const { consumer, draining, lag, logger, metrics } = this.options;
    lag.open({
      topic,
      partition,
      endOffset,
      committedOffset: start.committedOffset ?? expected ?? endOffset,
    });
    metrics.partitionsHalted.set({ topic, partition }, alarm === undefined ? 0 : 1);
    if (alarm !== undefined) {
      this.alarms.set(key(start), `${topic}/${partition}: ${alarm}`);
      logger.error({ topic, partition, alarm }, 'partition halted');
      return;
    }
    const feed: PartitionFeed = new PartitionFeed(
      { ...start, shareBytes, draining },
      { expected, onRoom: () => this.fetchMore(feed) },
    );
    this.feeds.set(key(start), feed);
    if (expected !== null) consumer.seek(start, expected);
    this.resumeFetch(feed);
  }

  private deliver(feed: PartitionFeed, handler: MessageHandler, batch: RecordBatch): void {
    const { topic, partition, count, highWatermark, nextOffset } = batch;
    this.options.metrics.records.inc({ topic, partition }, count);
    this.options.lag.reached(batch, highWatermark);
    const durable = feed.tracker.add(nextOffset);
    const done = invoke(handler, batch, feed)
      .then(() => {
        const offset = durable();
        if (offset !== undefined && !feed.revoked) {
          const { memo, revoked } = feed.owned;
          this.options.committer.commit({ topic, partition, offset, memo: memo?.text, revoked });
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
    this.countReread(feed.assignment, error);
    feed.revoke();
    this.pauseFetch([feed.assignment]);
    await pause(backoffMs(3, RETRY), this.generation.signal);
    this.reopen(feed);
  }

  /** Once is normal where a store lost what it had staged; again and again without a commit no one would notice. */
  private countReread(id: PartitionId, error: unknown): void {
    const times = (this.rereads.get(key(id)) ?? 0) + 1;
    this.rereads.set(key(id), times);
    if (times < ALARMING_REREADS) return;
    const reason = error instanceof Error ? error.message : String(error);
    this.alarms.set(key(id), `${key(id)} read again ${times} times since its last commit: ${reason}`);
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
    if (feed.revoked || this.options.draining.aborted) return;
    feed.paused = false;
    this.options.consumer.resume(feed.assignment);
  }

  private pauseFetch(partitions: readonly PartitionId[]): void {
    this.options.consumer.pause(partitions);
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
