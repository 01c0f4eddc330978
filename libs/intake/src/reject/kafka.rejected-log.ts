import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  kafkaConnection,
  type OutgoingRecord,
  publisherOptions,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { type IntakeOptions } from '../intake-settings.ts';
import { type Origin } from '../origin.ts';
import { NO_REJECTED_LOG, type RejectedLog, type RejectedValue } from './rejected-log.ts';
import { type KeptRecord, RejectedRecords } from './rejected-record.ts';

export interface KafkaRejectedLogOptions {
  /**
   * Not the one of the accepted events: they must not share a produce request, as a missing topic fails all of it, nor a
   * queue, as refused events could fill it.
   */
  readonly publisher: Pick<RecordPublisher, 'connect' | 'close'> & {
    publish(topic: string, records: readonly OutgoingRecord[]): Promise<unknown>;
  };
  readonly records: RejectedRecords;
  readonly metrics: Pick<IntakeMetrics, 'rejectedRecords'>;
  readonly logger: Logger;
}

const MAX_QUEUE_BYTES = 4 << 20;
/** Refused events that may wait to be copied, and bytes of the senders that hold them; more are lost. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 8 << 20;
/** So many are copied and masked in one turn of the event loop, which answers requests meanwhile. */
const PER_TURN = 20;

interface Waiting {
  readonly make: () => KeptRecord;
  /** Memory that is free when this one is done. */
  readonly bytes: number;
}

/** Writes refused events to `<topic>.rejected`, after their answers were sent. */
export class KafkaRejectedLog implements RejectedLog, OnApplicationBootstrap, OnApplicationShutdown {
  private readonly waiting: Waiting[] = [];
  private waitingBytes = 0;
  private turn: NodeJS.Immediate | undefined;
  private isFailing = false;

  constructor(private readonly options: KafkaRejectedLogOptions) {}

  onApplicationBootstrap(): void {
    this.options.publisher.connect();
  }

  /** Runs after the servers have closed. */
  async onApplicationShutdown(): Promise<void> {
    while (this.waiting.length > 0) this.writeSome();
    await this.options.publisher.close();
  }

  keep(rejected: readonly RejectedValue[], bytes: number, origin: Origin): void {
    const hasRoom = this.waiting.length + rejected.length <= MAX_WAITING;
    if (!hasRoom || this.waitingBytes + bytes > MAX_WAITING_BYTES) {
      return this.count('lost', rejected.length);
    }
    const last = rejected.length - 1;
    rejected.forEach((each, index) => {
      const make = () => this.options.records.ofEvent(each, origin);
      this.enqueue({ make, bytes: index === last ? bytes : 0 });
    });
  }

  keepMalformed(json: Buffer, origin: Origin): void {
    if (this.waiting.length >= MAX_WAITING) return this.count('lost', 1);
    const record = this.options.records.ofMalformed(json, origin);
    this.enqueue({ make: () => record, bytes: 0 });
  }

  private enqueue(item: Waiting): void {
    this.waiting.push(item);
    this.waitingBytes += item.bytes;
    this.turn ??= setImmediate(() => this.writeSome());
  }

  private writeSome(): void {
    const items = this.waiting.splice(0, PER_TURN);
    this.turn = this.waiting.length > 0 ? setImmediate(() => this.writeSome()) : undefined;
    for (const { bytes } of items) this.waitingBytes -= bytes;
    const records = items.map(({ make }) => make());
    for (const topic of new Set(records.map((record) => record.topic))) {
      const ofTopic = records.filter((record) => record.topic === topic).map(({ record }) => record);
      this.options.publisher.publish(topic, ofTopic).then(
        () => this.kept(ofTopic.length),
        (error: unknown) => this.lost(ofTopic.length, error),
      );
    }
  }

  private kept(records: number): void {
    this.isFailing = false;
    this.count('kept', records);
  }

  /** One log line per failure that lasts, however many events it costs. */
  private lost(records: number, error: unknown): void {
    if (!this.isFailing) this.options.logger.warn({ err: error }, 'rejected events lost');
    this.isFailing = true;
    this.count('lost', records);
  }

  private count(outcome: 'kept' | 'lost', records: number): void {
    this.options.metrics.rejectedRecords.inc({ outcome }, records);
  }
}

/** The log as the settings want it, with a separate connection to Kafka. */
export function createRejectedLog(
  { app, config, topics, logger }: IntakeOptions,
  metrics: IntakeMetrics,
): RejectedLog {
  if (config.rejectedEvents === 'off') return NO_REJECTED_LOG;
  const publisher = new RecordPublisher({
    connection: kafkaConnection(config, `${app}-rejected`),
    settings: { ...publisherOptions(config), maxQueueBytes: MAX_QUEUE_BYTES },
    // Without a registry: what a publisher counts is about accepted events.
    logger,
  });
  const records = new RejectedRecords(topics, config.rejectedEvents === 'masked');
  return new KafkaRejectedLog({ publisher, records, metrics, logger });
}
