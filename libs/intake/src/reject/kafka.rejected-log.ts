import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type OutgoingRecord, type RecordPublisher } from '@pipeline/kafka-transport';
import { type Logger, type PipelineMetrics } from '@pipeline/observability';
import { type Arrival, type RejectedLog, type RejectedValue } from './rejected-log.ts';
import { malformedRecord, type RejectedRecord, rejectedRecord } from './rejected-record.ts';

export interface KafkaRejectedLogOptions {
  /**
   * Not the one of the accepted events: they must not share a produce request, as a missing topic fails all of it, nor a
   * queue, as refused events could fill it.
   */
  readonly records: Pick<RecordPublisher, 'connect' | 'close'> & {
    publish(topic: string, records: readonly OutgoingRecord[]): Promise<unknown>;
  };
  readonly isMasking: boolean;
  readonly metrics: PipelineMetrics;
  readonly logger: Logger;
}

/** Refused events that may wait to be copied, and bytes of the requests that hold them; more are lost. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 8 << 20;
/** So many are copied and masked in one turn of the event loop, which answers requests meanwhile. */
const PER_TURN = 20;

interface Waiting {
  readonly make: () => RejectedRecord;
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
    this.options.records.connect();
  }

  /** Runs after the HTTP server has closed. */
  async onApplicationShutdown(): Promise<void> {
    while (this.waiting.length > 0) this.writeSome();
    await this.options.records.close();
  }

  keep(rejected: readonly RejectedValue[], arrival: Arrival): void {
    const hasRoom = this.waiting.length + rejected.length <= MAX_WAITING;
    if (!hasRoom || this.waitingBytes + arrival.bodyBytes > MAX_WAITING_BYTES) {
      return this.count('lost', rejected.length);
    }
    const last = rejected.length - 1;
    rejected.forEach((each, index) => {
      const make = () => rejectedRecord(each, arrival, this.options.isMasking);
      this.enqueue({ make, bytes: index === last ? arrival.bodyBytes : 0 });
    });
  }

  keepBody(body: Buffer, arrival: Arrival): void {
    if (this.waiting.length >= MAX_WAITING) return this.count('lost', 1);
    const record = malformedRecord(body, arrival, this.options.isMasking);
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
      this.options.records.publish(topic, ofTopic).then(
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
