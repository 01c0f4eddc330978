import { MAX_RECORD_BYTES } from '@pipeline/event-schema';
import { type Logger, type PipelineMetrics, type Readiness } from '@pipeline/observability';
import { backoffMs, pause } from '../backoff.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { TransportError } from '../transport-error.ts';
import { type BatchSender } from './batch-sender.ts';
import { BatchSealer } from './batch-sealer.ts';
import { createBatchSender } from './create-batch-sender.ts';
import { type EncodedRecords } from './encoded-records.ts';
import { type FallbackLog } from './fallback-log.ts';
import { type OutgoingRecord } from './outgoing-record.ts';
import { type Delivery, PublishBatch, type PublishedTo } from './publish-batch.ts';
import { type PublisherOptions } from './publisher-options.ts';
import { encodeRecords } from './record-encoder.ts';
import { TimedSender } from './timed-sender.ts';

export interface RecordPublisherOptions {
  readonly connection: KafkaConnection;
  readonly settings: PublisherOptions;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  readonly readiness?: Readiness;
  /** Where records go that Kafka does not take in time; without it their callers are refused. */
  readonly fallback?: FallbackLog;
  /** The road to use; made from the connection where absent. */
  readonly sender?: BatchSender;
}

const RETRY = { initialMs: 100, maxMs: 2_000 };
const PROBE_INTERVAL_MS = 500;

/** The broker remembers the last five batches of a producer and partition, so that it can tell a repetition. */
const MAX_IN_FLIGHT = 5;

/** A batch of so many callers shows that a publisher is busy: waiting a little then saves more than it costs. */
const BUSY_CALLERS = 8;
const MAX_LINGER_MS = 5;
/** A batch of so many callers is worth a second request beside one that is under way: broker and callers need not take turns. */
const LARGE_CALLERS = 64;

/**
 * Produces records of many callers in shared requests: kafkajs has no linger of its own. An idle publisher sends at once.
 * While a request is under way, what arrives forms the next batch. It leaves at once when it is full, or when it has many
 * callers and one request is under way, and else when that request is answered. A busy publisher then waits for the next
 * requests of those it has just answered: until as many are there, but no longer than the request took, and at most
 * 5 ms. So batches fill, and several are under way, without a time to tune. Order per partition is kept
 * ({@link TimedSender}).
 */
export class RecordPublisher {
  private readonly sender: BatchSender;
  private readonly timed: TimedSender;
  private readonly waiting: PublishBatch[] = [];
  private underWay = 0;
  private queueBytes = 0;
  private healthy = false;
  private probing = false;
  private readonly closing = new AbortController();
  private immediate: NodeJS.Immediate | undefined;
  private linger: NodeJS.Timeout | undefined;
  private lingerMs = 0;
  private answeredCallers = 0;
  private drained: (() => void) | undefined;

  constructor(private readonly options: RecordPublisherOptions) {
    const { connection, settings, logger, readiness } = options;
    this.sender = options.sender ?? createBatchSender(connection, settings.acks, logger);
    const idempotent = settings.acks === 'all' && settings.idempotent !== false;
    const sealer = new BatchSealer(this.sender, { compression: settings.compression, idempotent });
    // Without sequences nothing would stop a repetition from being written behind its successor.
    const maxInFlight = idempotent ? MAX_IN_FLIGHT : 1;
    this.timed = new TimedSender(this.sender, sealer, { retries: settings.retries, maxInFlight });
    readiness?.register('publisher', () => (this.canPublish ? undefined : 'Kafka does not acknowledge'));
  }

  /** Connects in the background until it succeeds; until then `publish` rejects or falls back. Returns at once. */
  connect(): void {
    void this.probeUntilHealthy();
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
    await this.sender.close();
  }

  /** Bytes taken and not yet acknowledged. */
  get pendingBytes(): number {
    return this.queueBytes;
  }

  /**
   * Resolves when all of the records are durable: acknowledged by the broker, or in the fallback.
   * @throws TransportError (as rejection) `buffer-full`, `broker-unavailable` within the publish time-out,
   * `record-too-large`, `record-refused`, `closed`, or what the fallback says when it cannot take over either. After
   * a rejection some of the records may still arrive.
   */
  publish(topic: string, records: readonly OutgoingRecord[]): Promise<PublishedTo> {
    return this.publishEncoded(topic, encodeRecords(records));
  }

  /** The same for records that their caller has encoded. */
  publishEncoded(topic: string, records: EncodedRecords): Promise<PublishedTo> {
    if (this.closing.signal.aborted) {
      return Promise.reject(new TransportError('closed', 'The publisher is closing'));
    }
    if (!this.canPublish) return Promise.reject(unavailable());
    if (records.count === 0) return Promise.resolve('broker');
    const refusal = this.refusal(records);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      this.enqueue(topic, records, { resolve, reject, openBatches: 0, to: 'broker' });
      this.schedule();
    });
  }

  private get canPublish(): boolean {
    return this.healthy || this.options.fallback !== undefined;
  }

  private refusal(records: EncodedRecords): TransportError | undefined {
    const { maxQueueBytes, maxRecordBytes = MAX_RECORD_BYTES } = this.options.settings;
    if (records.sizeBound > maxRecordBytes) {
      for (let index = 0; index < records.count; index++) {
        const size = records.sizeBoundOf(index);
        if (size > maxRecordBytes)
          return new TransportError('record-too-large', `A record of ${size} bytes is too large`);
      }
    }
    if (this.queueBytes + records.sizeBound <= maxQueueBytes) return undefined;
    return new TransportError('buffer-full', 'Too many bytes wait for an acknowledgement');
  }

  private enqueue(topic: string, records: EncodedRecords, delivery: Delivery): void {
    const { maxBatchBytes } = this.options.settings;
    this.queueBytes += records.sizeBound;
    for (let left = records; left.count > 0;) {
      let batch = this.waiting.at(-1);
      let fitting = batch === undefined ? 0 : left.fitting(maxBatchBytes - batch.bytes);
      if (batch === undefined || fitting === 0) {
        batch = new PublishBatch();
        this.waiting.push(batch);
        fitting = Math.max(1, left.fitting(maxBatchBytes));
      }
      batch.add(topic, left.part(0, fitting));
      batch.join(delivery);
      left = left.part(fitting, left.count);
    }
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
    return (isFull || isLarge) && this.healthy && !this.options.fallback?.isOccupied && this.timed.hasRoom;
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

  private count({ topics, records }: PublishBatch, to: PublishedTo): void {
    const { metrics } = this.options;
    metrics.publishBatchRecords.observe(records);
    for (const [topic, own] of topics) metrics.recordsProduced.inc({ topic, to }, own.length);
  }

  /** Order is kept: once something has fallen back, everything does until the fallback has brought it to Kafka. */
  private async deliver(batch: PublishBatch): Promise<PublishedTo> {
    const { fallback } = this.options;
    if (fallback && (fallback.isOccupied || !this.healthy)) {
      await fallback.appendRecords(batch.decode());
      return 'fallback';
    }
    if (!this.healthy) throw unavailable();
    const outcome = await this.timed.send(batch.topics, batch.openedAtMs + this.options.settings.timeoutMs);
    if (outcome.error === undefined) return 'broker';
    this.failed(outcome.error);
    if (!fallback || outcome.error.code === 'record-refused') throw outcome.error;
    if (outcome.unresolved) await fallback.appendSealed(outcome.unresolved);
    else await fallback.appendRecords(batch.decode());
    return 'fallback';
  }

  private finish(batch: PublishBatch): void {
    this.queueBytes -= batch.bytes;
    this.options.metrics.publishQueueBytes.set(this.queueBytes);
    this.underWay -= 1;
    this.schedule();
    if (this.underWay === 0 && this.waiting.length === 0) this.drained?.();
  }

  private failed(error: TransportError): void {
    this.options.logger.warn({ err: error }, 'produce request failed');
    if (error.code === 'record-refused') return;
    this.healthy = false;
    void this.probeUntilHealthy();
  }

  /** Without traffic nobody would notice that Kafka is back, and a replica that is not ready gets no traffic. */
  private async probeUntilHealthy(): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    for (let attempt = 0; !this.healthy && !this.closing.signal.aborted; attempt++) {
      try {
        await this.timed.check();
        this.healthy = true;
      } catch (error) {
        this.options.logger.debug({ err: error }, 'Kafka still unavailable');
        const waitMs = Math.min(PROBE_INTERVAL_MS, backoffMs(attempt, RETRY) + 20);
        await pause(waitMs, this.closing.signal);
      }
    }
    this.probing = false;
  }
}

function unavailable(): TransportError {
  return new TransportError('broker-unavailable', 'Kafka does not acknowledge');
}
