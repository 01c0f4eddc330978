import { type Logger } from '@pipeline/observability';
import { BatchesLeftError, type BatchSender, pause, TransportError } from '@pipeline/kafka-driver';
import { type EncodedRecords, type OutgoingRecord } from '@pipeline/kafka-wire';
import { BatchSealer } from './batch-sealer.ts';
import { type ByteBudget } from './byte-budget.ts';
import { type PublisherMetrics } from './publisher-metrics.ts';
import { type FallbackLog, type PublisherOptions } from './publisher-options.ts';
import { TimedSender } from './timed-sender.ts';
import { TopicHealth } from './topic-health.ts';

export interface TopicPublisherOptions {
  readonly topic: string;
  /** Of this topic alone: what is slow or throttled on its connections holds up no other topic. */
  readonly sender: BatchSender;
  readonly settings: PublisherOptions;
  /** Shared with the other topics. */
  readonly budget: ByteBudget;
  readonly logger: Logger;
  readonly metrics: PublisherMetrics;
  readonly fallback?: FallbackLog;
}

/** So long a fallback that could not take records is taken for one that cannot. */
const FALLBACK_DISTRUST_MS = 5_000;

/** The broker remembers the last five batches of a producer and partition, so that it can tell a repetition. */
const MAX_IN_FLIGHT = 5;

/** A batch of so many callers shows that a publisher is busy: waiting a little then saves more than it costs. */
const BUSY_CALLERS = 8;
const MAX_LINGER_MS = 5;
/** A batch of so many callers is worth a second request beside one that is under way: broker and callers need not take turns. */
const LARGE_CALLERS = 64;

/**
 * Produces records of many callers for one topic in shared requests: kafkajs has no linger of its own. When idle it sends
 * at once. While a request is under way, what arrives forms the next batch. It leaves at once when it is full, or when it
 * has many callers and one request is under way, and else when that request is answered. A busy publisher then waits for
 * the next requests of those it has just answered: until as many are there, but no longer than the request took, and at
 * most 5 ms. So batches fill, and several are under way, without a time to tune. Order per partition is kept
 * ({@link TimedSender}). Health, queue, requests and connections are the topic's own.
 */
export class TopicPublisher {
  private readonly timed: TimedSender;
  private readonly health: TopicHealth;
  private readonly waiting: PublishBatch[] = [];
  private maxBatchBytes: number;
  private underWay = 0;
  private queueBytes = 0;
  private fallbackFailedAtMs = Number.NEGATIVE_INFINITY;
  private readonly closing = new AbortController();
  private immediate: NodeJS.Immediate | undefined;
  private linger: NodeJS.Timeout | undefined;
  private lingerMs = 0;
  private answeredCallers = 0;
  private drained: (() => void) | undefined;

  constructor(private readonly options: TopicPublisherOptions) {
    const { sender, settings } = options;
    this.maxBatchBytes = settings.maxBatchBytes;
    const idempotent = settings.acks === 'all' && settings.idempotent !== false;
    const sealer = new BatchSealer(sender, { compression: settings.compression, idempotent });
    // Without sequences nothing would stop a repetition from being written behind its successor.
    const maxInFlight = idempotent ? MAX_IN_FLIGHT : 1;
    this.timed = new TimedSender(sender, sealer, { retries: settings.retries, maxInFlight });
    this.health = new TopicHealth({ ...options, timed: this.timed, stopped: this.closing.signal });
  }

  /** Connects in the background until it succeeds; until then the topic is failing. Returns at once. */
  connect(): void {
    this.health.fail('Kafka has not answered yet', 'silent');
  }

  /** Sends what is queued, then disconnects. */
  async close(): Promise<void> {
    this.closing.abort();
    if (this.underWay > 0 || this.waiting.length > 0) {
      const { timeoutMs } = this.options.settings;
      const done = new AbortController();
      this.drained = () => done.abort();
      await pause(2 * timeoutMs, done.signal);
    }
    await this.options.sender.close();
  }

  /** Bytes taken and not yet acknowledged. */
  get pendingBytes(): number {
    return this.queueBytes;
  }

  /** Whether records have a place to go to. */
  get canPublish(): boolean {
    return this.health.is !== 'failing' || this.options.fallback !== undefined;
  }

  /** Whether records are refused, as far as is known. */
  get isRefusing(): boolean {
    if (!this.canPublish) return true;
    const isDistrusted = performance.now() - this.fallbackFailedAtMs < FALLBACK_DISTRUST_MS;
    return isDistrusted && (this.health.is === 'failing' || this.isFallbackOccupied);
  }

  /** What keeps records of the topic from Kafka; nothing while they get there. */
  get trouble(): string | undefined {
    if (this.health.reason !== undefined) return this.health.reason;
    if (this.options.sender.throttleMs > 0) return 'The brokers throttle it: a quota is passed';
    return this.isFallbackOccupied ? 'Records wait in the fallback' : undefined;
  }

  /** Takes records, of which the caller has looked whether there is room, and settles the delivery. */
  enqueue(records: EncodedRecords, delivery: Delivery): void {
    this.queueBytes += records.sizeBound;
    this.options.budget.total += records.sizeBound;
    for (let left = records; left.count > 0;) {
      let batch = this.waiting.at(-1);
      let fitting = batch === undefined ? 0 : left.fitting(this.maxBatchBytes - batch.bytes);
      if (batch === undefined || fitting === 0) {
        batch = new PublishBatch();
        this.waiting.push(batch);
        fitting = Math.max(1, left.fitting(this.maxBatchBytes));
      }
      batch.add(left.part(0, fitting));
      batch.join(delivery);
      left = left.part(fitting, left.count);
    }
    this.schedule();
  }

  /** Callers of the same turn of the event loop share the request. */
  private schedule(): void {
    if (!this.mayStart) return;
    if (this.lingerMs > 0 && !this.areBack) {
      this.linger ??= setTimeout(() => this.startWaiting(), this.lingerMs);
    } else {
      this.immediate ??= setImmediate(() => this.startWaiting());
    }
  }

  private startWaiting(): void {
    clearTimeout(this.linger);
    this.linger = undefined;
    this.immediate = undefined;
    while (this.mayStart) void this.start(this.waiting.shift()!);
  }

  /** Whether more callers than one batch holds wait, or as many as were answered last. */
  private get areBack(): boolean {
    return this.waiting.length > 1 || this.waiting[0]!.callers >= this.answeredCallers;
  }

  private get mayStart(): boolean {
    const [next] = this.waiting;
    if (next === undefined || this.underWay === 0) return next !== undefined;
    const isFull = this.waiting.length > 1;
    const isLarge = this.underWay === 1 && next.callers >= LARGE_CALLERS;
    return (
      (isFull || isLarge) && this.health.is === 'healthy' && !this.isFallbackOccupied && this.timed.hasRoom
    );
  }

  private get isFallbackOccupied(): boolean {
    return this.options.fallback?.isOccupied(this.options.topic) === true;
  }

  private async start(batch: PublishBatch): Promise<void> {
    this.underWay += 1;
    this.lingerMs = 0;
    const startedAtMs = performance.now();
    try {
      const to = await this.deliver(batch);
      const isBusy = to === 'broker' && batch.callers >= BUSY_CALLERS;
      this.answeredCallers = batch.callers;
      if (isBusy) this.lingerMs = Math.min(MAX_LINGER_MS, Math.ceil(performance.now() - startedAtMs));
      this.count(batch, to);
      batch.succeed(to);
    } catch (error) {
      batch.fail(error as Error);
    }
    this.finish(batch);
  }

  private count({ records }: PublishBatch, to: PublishedTo): void {
    const { metrics, topic } = this.options;
    metrics.batchRecords.observe(records);
    metrics.records.inc({ topic, to }, records);
  }

  /** Order is kept: once something has fallen back, everything does until the fallback has brought it to Kafka. */
  private async deliver(batch: PublishBatch): Promise<PublishedTo> {
    const { fallback, topic, settings } = this.options;
    if (this.isFallbackOccupied || this.health.is === 'failing') {
      return this.fallBack((log) => log.appendRecords(topic, batch.decode()));
    }
    const { error, unresolved } = await this.timed.send(
      { topic, sets: batch.sets },
      batch.openedAtMs + settings.timeoutMs,
    );
    if (error === undefined) {
      this.health.acknowledged();
      return 'broker';
    }
    // An error of our own code says nothing of Kafka, and the fallback would bring it back.
    if (!(error instanceof TransportError)) throw error;
    this.failed(error, batch);
    if (!fallback || error.code === 'record-refused') throw error;
    return this.fallBack((log) =>
      unresolved ? log.appendSealed(topic, unresolved) : log.appendRecords(topic, batch.decode()),
    );
  }

  private async fallBack(append: (log: FallbackLog) => Promise<void>): Promise<PublishedTo> {
    const { fallback } = this.options;
    if (fallback === undefined) throw this.unavailable();
    try {
      await append(fallback);
      return 'fallback';
    } catch (error) {
      this.fallbackFailedAtMs = performance.now();
      throw error;
    }
  }

  private finish(batch: PublishBatch): void {
    const { metrics, topic, budget } = this.options;
    this.queueBytes -= batch.bytes;
    budget.total -= batch.bytes;
    metrics.queueBytes.set({ topic }, this.queueBytes);
    this.underWay -= 1;
    this.schedule();
    if (this.underWay === 0 && this.waiting.length === 0) this.drained?.();
  }

  private failed(error: TransportError, batch: PublishBatch): void {
    const { logger, topic } = this.options;
    logger.warn({ err: error, topic }, 'produce request failed');
    if (error.code !== 'record-refused')
      return this.health.fail(error.message, error instanceof BatchesLeftError ? 'refused' : 'silent');
    this.health.putOnTrial(error.message);
    // Each record may fit what the topic takes at once though all of them together do not.
    if (batch.records > 1) this.maxBatchBytes = Math.ceil(batch.bytes / 2);
  }

  private unavailable(): TransportError {
    return new TransportError('broker-unavailable', `${this.options.topic}: ${this.health.reason}`);
  }
}

/** Where a call's records became durable; `fallback` as soon as one of them went there. */
export type PublishedTo = 'broker' | 'fallback';

/** One call of `publish`: settled when each batch that holds a piece of it is. */
interface Delivery {
  readonly resolve: (to: PublishedTo) => void;
  readonly reject: (error: Error) => void;
  openBatches: number;
  to: PublishedTo;
}

/** Records of many callers for one topic, on their way into one produce request. */
class PublishBatch {
  readonly openedAtMs = performance.now();
  readonly sets: EncodedRecords[] = [];
  private readonly deliveries: Delivery[] = [];
  records = 0;
  bytes = 0;

  get callers(): number {
    return this.deliveries.length;
  }

  add(records: EncodedRecords): void {
    this.sets.push(records);
    this.records += records.count;
    this.bytes += records.sizeBound;
  }

  /** The records as they were before they were encoded. */
  decode(): OutgoingRecord[] {
    return this.sets.flatMap((records) => records.decode());
  }

  /** Counts this batch as one of those that the call waits for. */
  join(delivery: Delivery): void {
    if (this.deliveries.at(-1) === delivery) return;
    this.deliveries.push(delivery);
    delivery.openBatches += 1;
  }

  succeed(to: PublishedTo): void {
    for (const delivery of this.deliveries) {
      delivery.openBatches -= 1;
      if (to === 'fallback') delivery.to = to;
      if (delivery.openBatches === 0) delivery.resolve(delivery.to);
    }
  }

  /** The first failure decides; later results of the same calls change nothing. */
  fail(error: Error): void {
    for (const delivery of this.deliveries) delivery.reject(error);
  }
}
