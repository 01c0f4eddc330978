import { MAX_RECORD_BYTES } from '@pipeline/event-schema';
import { type Logger, type Readiness, type Registry } from '@pipeline/observability';
import {
  type BatchSender,
  createBatchSender,
  type KafkaConnection,
  TransportError,
} from '@pipeline/kafka-driver';
import { type EncodedRecords, encodeRecords, type OutgoingRecord } from '@pipeline/kafka-wire';
import { ByteBudget } from './byte-budget.ts';
import { publisherMetrics } from './publisher-metrics.ts';
import { type FallbackLog, type PublisherOptions } from './publisher-options.ts';
import { type PublishedTo, TopicPublisher } from './topic-publisher.ts';

export interface RecordPublisherOptions {
  readonly connection: KafkaConnection;
  readonly settings: PublisherOptions;
  readonly logger: Logger;
  /** Shows what is counted; absent: nothing does. */
  readonly registry?: Registry;
  /** Topics to connect to at start. The first records of any other wait for the connection to its brokers. */
  readonly topics?: readonly string[];
  readonly readiness?: Readiness;
  /** Where records go that Kafka does not take in time; without it their callers are refused. */
  readonly fallback?: FallbackLog;
  /** The road to use for a topic; made from the connection where absent. */
  readonly createSender?: (topic: string) => BatchSender;
}

/**
 * Produces records of many callers. Each topic has a {@link TopicPublisher} of its own, with its own connections to the
 * brokers under the client id `<client id>.<topic>`: what happens to one topic changes nothing for the callers of another.
 * What they share is a bound in bytes, of which no topic can take all.
 */
export class RecordPublisher {
  private readonly topics = new Map<string, TopicPublisher>();
  private readonly budget: ByteBudget;
  private isClosing = false;

  constructor(private readonly options: RecordPublisherOptions) {
    this.budget = new ByteBudget(options.settings.maxQueueBytes);
    for (const topic of options.topics ?? []) this.open(topic);
    options.readiness?.register('publisher', () => this.notReady);
  }

  /** Connects in the background until it succeeds; until then `publish` rejects or falls back. Returns at once. */
  connect(): void {
    for (const topic of this.topics.values()) topic.connect();
  }

  /** Sends what is queued, then disconnects. */
  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.all([...this.topics.values()].map((topic) => topic.close()));
  }

  /** Bytes taken and not yet acknowledged. */
  get pendingBytes(): number {
    return this.budget.total;
  }

  /**
   * Resolves when all of the records are durable: acknowledged by the broker, or in the fallback.
   * @throws TransportError (as rejection) `buffer-full`, `broker-unavailable` within the publish time-out,
   * `record-too-large`, `record-refused`, `closed`, or what the fallback says when it cannot take over either. Anything
   * else is an error of our own code, which the same records would meet again. After a rejection some of the records may
   * still arrive.
   */
  publish(topic: string, records: readonly OutgoingRecord[]): Promise<PublishedTo> {
    return this.publishEncoded(topic, encodeRecords(records));
  }

  /** The same for records that their caller has encoded. */
  publishEncoded(topic: string, records: EncodedRecords): Promise<PublishedTo> {
    if (this.isClosing) return Promise.reject(new TransportError('closed', 'The publisher is closing'));
    const publisher = this.topics.get(topic) ?? this.open(topic);
    if (!publisher.canPublish) {
      return Promise.reject(new TransportError('broker-unavailable', `${topic}: ${publisher.trouble}`));
    }
    if (records.count === 0) return Promise.resolve('broker');
    const refusal = this.refusal(publisher, records);
    if (refusal) return Promise.reject(refusal);
    return new Promise((resolve, reject) =>
      publisher.enqueue(records, { resolve, reject, openBatches: 0, to: 'broker' }),
    );
  }

  private refusal(publisher: TopicPublisher, records: EncodedRecords): TransportError | undefined {
    const { maxRecordBytes = MAX_RECORD_BYTES } = this.options.settings;
    if (records.sizeBound > maxRecordBytes) {
      for (let index = 0; index < records.count; index++) {
        const size = records.sizeBoundOf(index);
        if (size > maxRecordBytes)
          return new TransportError('record-too-large', `A record of ${size} bytes is too large`);
      }
    }
    if (this.budget.admits(publisher.pendingBytes, records.sizeBound)) return undefined;
    return new TransportError('buffer-full', 'Too many bytes wait for an acknowledgement');
  }

  private open(topic: string): TopicPublisher {
    const { connection, settings, logger, registry, readiness, fallback, createSender } = this.options;
    const own = { ...connection, clientId: `${connection.clientId}.${topic}` };
    const publisher = new TopicPublisher({
      topic,
      sender: createSender?.(topic) ?? createBatchSender(own, settings.acks, logger),
      settings,
      budget: this.budget,
      logger,
      metrics: publisherMetrics(registry),
      ...(fallback && { fallback }),
    });
    this.topics.set(topic, publisher);
    readiness?.watch(`topic ${topic}`, () => publisher.trouble);
    return publisher;
  }

  /** A topic in trouble is no reason to keep the others from their callers. */
  private get notReady(): string | undefined {
    const topics = [...this.topics.values()];
    const isRefusingAll = topics.length > 0 && topics.every(({ isRefusing }) => isRefusing);
    return isRefusingAll ? 'Kafka does not acknowledge' : undefined;
  }
}
