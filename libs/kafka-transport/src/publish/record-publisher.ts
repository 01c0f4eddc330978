import { type Logger, type PipelineMetrics, type Readiness } from '@pipeline/observability';
import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import { backoffMs, pause } from '../backoff.ts';
import { compressionType } from '../client/codecs.ts';
import { createKafka } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { TransportError } from '../transport-error.ts';
import { type Delivery, PublishBatch } from './publish-batch.ts';
import { type PublisherOptions } from './publisher-options.ts';

/** A record to be produced. Equal keys go to the same partition, by Kafka's own hash. */
export interface OutgoingRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: Record<string, string | Buffer>;
}

export interface RecordPublisherOptions {
  readonly connection: KafkaConnection;
  readonly settings: PublisherOptions;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  readonly readiness?: Readiness;
  /** The client to use; made from the connection where absent. */
  readonly kafka?: Pick<Kafka, 'producer' | 'admin'>;
}

/** Below the topics' `max.message.bytes`, with room for framing and headers. */
const MAX_RECORD_BYTES = 1_000_000;
const RETRY = { initialMs: 100, maxMs: 2_000 };
const PROBE_INTERVAL_MS = 500;

/**
 * Produces records of many callers in shared requests: kafkajs has no linger of its own. One request is under way at
 * a time, so order per partition is kept; what arrives meanwhile forms the next one. An idle publisher sends at once,
 * a busy one fills its batches, without any waiting time to tune.
 */
export class RecordPublisher {
  private readonly producer: Producer;
  private readonly admin: Admin;
  private readonly waiting: PublishBatch[] = [];
  private sending: PublishBatch | undefined;
  private queueBytes = 0;
  private connected = false;
  private healthy = false;
  private overdue = false;
  private readonly closing = new AbortController();
  private sendScheduled = false;
  private deadlineTimer: NodeJS.Timeout | undefined;
  private drained: (() => void) | undefined;

  constructor(private readonly options: RecordPublisherOptions) {
    const { connection, settings, logger, readiness } = options;
    const timeouts = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, maxRetryTimeMs: 500 };
    const kafka =
      options.kafka ?? createKafka(connection, logger, { ...timeouts, retries: settings.retries });
    this.producer = kafka.producer({
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      metadataMaxAge: 30_000,
    });
    this.admin = kafka.admin();
    readiness?.register('publisher', () => (this.healthy ? undefined : 'Kafka does not acknowledge'));
  }

  /** Connects in the background until it succeeds; until then `publish` rejects. Returns at once. */
  connect(): void {
    void this.connectUntilDone();
  }

  /** Sends what is queued, then disconnects. */
  async close(): Promise<void> {
    this.closing.abort();
    if (this.sending || this.waiting.length > 0) {
      const { timeoutMs } = this.options.settings;
      await Promise.race([new Promise<void>((resolve) => (this.drained = resolve)), pause(2 * timeoutMs)]);
    }
    clearInterval(this.deadlineTimer);
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }

  /** Bytes taken and not yet acknowledged. */
  get pendingBytes(): number {
    return this.queueBytes;
  }

  /**
   * Resolves when the broker has acknowledged all of the records.
   * @throws TransportError (as rejection) `buffer-full`, `broker-unavailable` within the publish time-out,
   * `record-too-large`, `record-refused`, `closed`. After a rejection some of the records may still arrive.
   */
  publish(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    const refusal = this.refusal(records);
    if (refusal) return Promise.reject(refusal);
    if (records.length === 0) return Promise.resolve();
    return new Promise<void>((resolve, reject) => {
      const delivery: Delivery = { resolve, reject, openBatches: 0 };
      for (const record of records) this.enqueue(topic, record, delivery);
      this.schedule();
    });
  }

  private refusal(records: readonly OutgoingRecord[]): TransportError | undefined {
    if (this.closing.signal.aborted) return new TransportError('closed', 'The publisher is closing');
    if (!this.connected || this.overdue)
      return new TransportError('broker-unavailable', 'Kafka does not acknowledge');
    let bytes = 0;
    for (const record of records) {
      const size = sizeOf(record);
      if (size > MAX_RECORD_BYTES)
        return new TransportError('record-too-large', `A record of ${size} bytes is too large`);
      bytes += size;
    }
    if (this.queueBytes + bytes > this.options.settings.maxQueueBytes) {
      return new TransportError('buffer-full', 'Too many bytes wait for an acknowledgement');
    }
    return undefined;
  }

  private enqueue(topic: string, record: OutgoingRecord, delivery: Delivery): void {
    const bytes = sizeOf(record);
    let batch = this.waiting.at(-1);
    if (!batch || batch.bytes + bytes > this.options.settings.maxBatchBytes) {
      batch = new PublishBatch();
      this.waiting.push(batch);
    }
    batch.add(topic, record, bytes);
    batch.join(delivery);
    this.queueBytes += bytes;
  }

  /** Callers of the same turn of the event loop share the request. */
  private schedule(): void {
    if (this.sending || this.sendScheduled) return;
    this.sendScheduled = true;
    setImmediate(() => {
      this.sendScheduled = false;
      void this.sendNext();
    });
  }

  private async sendNext(): Promise<void> {
    const batch = this.waiting.shift();
    if (!batch || this.sending) return;
    this.sending = batch;
    this.deadlineTimer ??= setInterval(() => this.checkDeadlines(), 50);
    try {
      await this.producer.sendBatch({
        acks: this.options.settings.acks === 'all' ? -1 : 1,
        compression: compressionType(this.options.settings.compression),
        topicMessages: batch.topicMessages(),
      });
      this.options.metrics.publishBatchRecords.observe(batch.records);
      batch.succeed();
      this.recovered();
    } catch (error) {
      batch.fail(toTransportError(error));
      this.failed(error);
    }
    this.finish(batch);
  }

  private finish(batch: PublishBatch): void {
    this.queueBytes -= batch.bytes;
    this.options.metrics.publishQueueBytes.set(this.queueBytes);
    this.sending = undefined;
    if (this.waiting.length > 0) {
      this.schedule();
      return;
    }
    clearInterval(this.deadlineTimer);
    this.deadlineTimer = undefined;
    this.drained?.();
  }

  /** A request that the broker leaves unanswered must not hold its callers longer than the publish time-out. */
  private checkDeadlines(): void {
    const oldest = performance.now() - this.options.settings.timeoutMs;
    if (this.sending && this.sending.openedAtMs < oldest) {
      this.overdue = true;
      this.healthy = false;
      this.sending.fail(new TransportError('broker-unavailable', 'Kafka did not acknowledge in time'));
    }
    while (this.waiting[0] && this.waiting[0].openedAtMs < oldest) {
      const batch = this.waiting.shift();
      this.queueBytes -= batch?.bytes ?? 0;
      batch?.fail(new TransportError('broker-unavailable', 'Kafka did not acknowledge in time'));
    }
  }

  private recovered(): void {
    this.overdue = false;
    this.healthy = true;
  }

  private failed(error: unknown): void {
    this.overdue = false;
    this.options.logger.warn({ err: error }, 'produce request failed');
    if (!this.healthy) return;
    this.healthy = false;
    void this.probeUntilHealthy();
  }

  /** Without traffic nobody would notice that Kafka is back, and a replica that is not ready gets no traffic. */
  private async probeUntilHealthy(): Promise<void> {
    while (!this.healthy && !this.closing.signal.aborted) {
      await pause(PROBE_INTERVAL_MS, this.closing.signal);
      try {
        await this.admin.connect();
        await this.admin.describeCluster();
        this.recovered();
      } catch (error) {
        this.options.logger.debug({ err: error }, 'Kafka still unavailable');
      }
    }
  }

  private async connectUntilDone(): Promise<void> {
    for (let attempt = 0; !this.closing.signal.aborted; attempt++) {
      try {
        await this.producer.connect();
        this.connected = true;
        this.healthy = true;
        return;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'producer could not connect');
        await pause(backoffMs(attempt, RETRY), this.closing.signal);
      }
    }
  }
}

function sizeOf({ key, value }: OutgoingRecord): number {
  return byteLength(key) + byteLength(value);
}

function byteLength(part: string | Buffer | null): number {
  if (part === null) return 0;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}

function toTransportError(error: unknown): TransportError {
  const message = error instanceof Error ? error.message : 'unknown error';
  const type = (error as { type?: string }).type;
  const refused =
    type === 'MESSAGE_TOO_LARGE' || type === 'INVALID_RECORD' || type === 'RECORD_LIST_TOO_LARGE';
  return new TransportError(refused ? 'record-refused' : 'broker-unavailable', message, { cause: error });
}
