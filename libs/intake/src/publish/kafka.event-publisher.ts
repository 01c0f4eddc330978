import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  type EncodedRecords,
  encodeRecords,
  kafkaConnection,
  type PublishedTo,
  publisherOptions,
  RecordPublisher,
  TransportError,
} from '@pipeline/kafka-transport';
import { isSampled, type Readiness, type Registry, type Span, type Tracer } from '@pipeline/observability';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { type IntakeOptions } from '../intake-settings.ts';
import { IntakeRefusal, type IntakeRefusalCode } from '../refusal.ts';
import { openSpool } from '../spool/open-spool.ts';
import { SpoolError } from '../spool/spool-folder.ts';
import { type Spool } from '../spool/spool.ts';
import { type Durability, type EventPublisher } from './event-publisher.ts';

interface PublisherParts extends IntakeOptions {
  readonly registry: Registry;
  readonly own: IntakeMetrics;
  readonly readiness: Readiness;
  readonly tracer: Tracer;
}

/**
 * Durable means: acknowledged by Kafka with the configured `acks`, or fsynced on this machine's disk. The only place that
 * knows how the transport and the spool fail.
 */
export class KafkaEventPublisher implements EventPublisher, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly records: Pick<RecordPublisher, 'connect' | 'publishEncoded' | 'close'>,
    private readonly tracer: Tracer,
    private readonly spool?: Pick<Spool, 'start' | 'stop'>,
  ) {}

  /**
   * Kafka, and the spool behind it if a folder is set.
   * @throws SpoolError (as rejection) if the folder belongs to another process, cannot be written or lies on a volume that
   * is smaller than what the spool may hold.
   */
  static async open(parts: PublisherParts): Promise<KafkaEventPublisher> {
    const { app, config, topics, logger, registry, own, readiness, tracer } = parts;
    const spool = config.spoolDir === '' ? undefined : await openSpool(parts, own);
    const records = new RecordPublisher({
      connection: kafkaConnection(config, app),
      settings: publisherOptions(config),
      logger,
      registry,
      topics,
      readiness,
      ...(spool && { fallback: spool }),
    });
    return new KafkaEventPublisher(records, tracer, spool);
  }

  onApplicationBootstrap(): void {
    this.records.connect();
    this.spool?.start();
  }

  /** Runs after the servers have closed, so everything in flight has its answer. */
  async onApplicationShutdown(): Promise<void> {
    await this.records.close();
    await this.spool?.stop();
  }

  publish(topic: string, records: EncodedRecords): Promise<Durability> {
    const span = this.tracer.isOn ? this.startSpan(topic, records) : undefined;
    if (span === undefined) return this.send(topic, records);
    return this.send(topic, withTraceparent(records, span.traceparent)).then(
      (durability) => {
        span.set({ 'pipeline.durability': durability });
        span.end();
        return durability;
      },
      (error: unknown) => {
        span.end(error instanceof IntakeRefusal ? error.code : 'internal');
        throw error;
      },
    );
  }

  private send(topic: string, records: EncodedRecords): Promise<Durability> {
    return this.records.publishEncoded(topic, records).then(durabilityOf, refuse);
  }

  /** Shows in a trace how long the records took to become durable; undefined if the trace is not sampled. */
  private startSpan(topic: string, records: EncodedRecords): Span | undefined {
    const [first] = records.part(0, 1).decode();
    const parent = String(first?.headers?.['traceparent'] ?? '');
    if (!isSampled(parent)) return undefined;
    return this.tracer.start(`produce ${topic}`, {
      kind: 'producer',
      parent,
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
        'messaging.batch.message_count': records.count,
      },
    });
  }
}

/** The producer's span causes what consumes the records. They are encoded once more: few requests are sampled. */
function withTraceparent(records: EncodedRecords, traceparent: string): EncodedRecords {
  const decoded = records.decode();
  return encodeRecords(decoded.map((record) => ({ ...record, headers: { ...record.headers, traceparent } })));
}

function durabilityOf(to: PublishedTo): Durability {
  return to === 'broker' ? 'kafka' : 'spool';
}

/** @throws IntakeRefusal for an outage; an error of our own code stays what it is. */
function refuse(error: unknown): never {
  const code = outageOf(error);
  throw code === undefined ? error : new IntakeRefusal(code, { cause: error });
}

function outageOf(error: unknown): IntakeRefusalCode | undefined {
  if (error instanceof SpoolError) return error.code === 'spool-full' ? 'spool-full' : 'spool-unwritable';
  if (!(error instanceof TransportError)) return undefined;
  if (error.code === 'buffer-full') return 'queue-full';
  return error.code === 'closed' ? 'stopping' : 'kafka-unavailable';
}
