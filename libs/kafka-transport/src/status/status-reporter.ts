import { randomUUID } from 'node:crypto';
import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { type ReportingApp, type AppStatus, type AppTotals, STATUS_TOPIC } from '@pipeline/event-schema';
import { type Logger, type Readiness } from '@pipeline/observability';
import kafkajs from 'kafkajs';
import { pause } from '../backoff.ts';
import { createKafka } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { type BrokerClock } from './broker-clock.ts';

export interface StatusReporterOptions {
  readonly app: ReportingApp;
  readonly connection: KafkaConnection;
  readonly logger: Logger;
  readonly metrics: MetricsByName;
  readonly readiness: Readiness;
  /** Hears when the broker appended each report. */
  readonly clock: BrokerClock;
  /** Takes the bytes of a status, and says when the broker appended it; made from the connection where absent. */
  readonly send?: (value: Buffer) => Promise<number>;
}

/** Silence of three reports and a little means that a process is gone. */
export const STATUS_INTERVAL_MS = 5_000;
/** A report to a Kafka that does not answer shall not hold up the end of the process. */
const STOP_PATIENCE_MS = 500;
/** The next report is the retry. */
const TIMEOUTS = { requestTimeoutMs: 2_000, connectionTimeoutMs: 1_000, maxRetryTimeMs: 300, retries: 0 };

/**
 * Tells the topic `pipeline-status` how this process is doing. Beside the work, never part of it: it has a connection
 * of its own, one report under way at most, and a report that fails is forgotten, since the next one says more.
 */
export class StatusReporter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly instance = randomUUID().slice(0, 8);
  private readonly producer: KafkaProducer;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;

  constructor(private readonly options: StatusReporterOptions) {
    this.producer = new KafkaProducer(options);
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.report(), STATUS_INTERVAL_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await Promise.race([this.underWay, pause(STOP_PATIENCE_MS)]);
    await this.producer.close();
  }

  /** Never rejects. Does nothing while the report before is still under way. */
  report(): Promise<void> {
    this.underWay ??= this.tell()
      .catch((error: unknown) => this.options.logger.debug({ err: error }, 'status not reported'))
      .finally(() => (this.underWay = undefined));
    return this.underWay;
  }

  private async tell(): Promise<void> {
    const { app, metrics, readiness, clock, send } = this.options;
    const status: AppStatus = {
      app,
      instance: this.instance,
      at: new Date().toISOString(),
      notReady: Object.keys(readiness.notReady()),
      totals: await totalsOf(metrics),
    };
    const value = Buffer.from(JSON.stringify(status));
    const sentMs = Date.now();
    clock.measure(sentMs, await (send ? send(value) : this.producer.send(value)));
  }
}

/** By total: the metric that counts it, where the app has that. */
const METRICS: Readonly<Record<keyof AppTotals, string>> = {
  accepted: 'collector_events_accepted_total',
  rejected: 'collector_events_rejected_total',
  written: 'sink_records_written_total',
  duplicates: 'sink_records_duplicate_total',
  deadLettered: 'sink_records_dead_lettered_total',
};

/** Where an app's metrics are found by their names. */
export interface MetricsByName {
  getSingleMetric(
    name: string,
  ): { get(): Promise<{ readonly values: readonly { readonly value: number }[] }> } | undefined;
}

async function totalsOf(metrics: MetricsByName): Promise<AppTotals> {
  const totals = Object.entries(METRICS).map(async ([total, name]) => {
    const counted = await metrics.getSingleMetric(name)?.get();
    return [total, counted?.values.reduce((sum, { value }) => sum + value, 0) ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(totals)) as AppTotals;
}

/** Connects at the first send, and again after a failure. */
class KafkaProducer {
  private readonly producer;
  private connected = false;

  constructor({ connection, logger }: Pick<StatusReporterOptions, 'connection' | 'logger'>) {
    this.producer = createKafka(connection, logger, TIMEOUTS).producer({
      allowAutoTopicCreation: false,
      createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
      retry: { retries: 0 },
    });
  }

  async send(value: Buffer): Promise<number> {
    if (!this.connected) await this.producer.connect();
    this.connected = true;
    try {
      const messages = [{ value }];
      const [outcome] = await this.producer.send({
        topic: STATUS_TOPIC.name,
        acks: 1,
        timeout: 2_000,
        messages,
      });
      return Number(outcome?.logAppendTime ?? -1);
    } catch (error) {
      this.connected = false;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connected) await this.producer.disconnect();
  }
}
