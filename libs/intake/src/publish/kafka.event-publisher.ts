import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  type EncodedRecords,
  type PublishedTo,
  type RecordPublisher,
  TransportError,
} from '@pipeline/kafka-transport';
import { SpoolError } from '../spool/spool-error.ts';
import {
  type Durability,
  type EventPublisher,
  type NotDurableCode,
  NotDurableError,
} from './event-publisher.ts';

/** What brings to Kafka later what Kafka did not take in time. */
export interface RunningSpool {
  start(): void;
  /** What is not in Kafka by then stays on disk. */
  stop(): Promise<void>;
}

/** Durable means: acknowledged by Kafka with the configured `acks`, or on this machine's disk. */
export class KafkaEventPublisher implements EventPublisher, OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly records: Pick<RecordPublisher, 'connect' | 'publishEncoded' | 'close'>,
    private readonly spool?: RunningSpool,
  ) {}

  onApplicationBootstrap(): void {
    this.records.connect();
    this.spool?.start();
  }

  /** Runs after the HTTP server has closed, so every request in flight has its answer. */
  async onApplicationShutdown(): Promise<void> {
    await this.records.close();
    await this.spool?.stop();
  }

  publish(topic: string, records: EncodedRecords): Promise<Durability> {
    return this.records.publishEncoded(topic, records).then(durability, refused);
  }
}

function durability(to: PublishedTo): Durability {
  return to === 'broker' ? 'kafka' : 'spool';
}

/** An error of our own code is no outage: it stays what it is. */
function refused(error: unknown): never {
  if (error instanceof SpoolError || error instanceof TransportError)
    throw new NotDurableError(codeOf(error), { cause: error });
  throw error;
}

function codeOf(error: SpoolError | TransportError): NotDurableCode {
  if (error instanceof SpoolError) return error.code === 'spool-full' ? 'spool-full' : 'spool-unwritable';
  if (error.code === 'buffer-full') return 'queue-full';
  return error.code === 'closed' ? 'stopping' : 'kafka-unavailable';
}
