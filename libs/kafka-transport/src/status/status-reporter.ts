import { randomUUID } from 'node:crypto';
import { type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  type AppStatus,
  type AppTotals,
  type ReportingApp,
  STATUS_TOPIC,
  tableOf,
} from '@pipeline/event-schema';
import { type KafkaConnection, pause, SingleRecordProducer } from '@pipeline/kafka-driver';
import { type Logger, type Readiness } from '@pipeline/observability';
import { type BrokerClock } from './broker-clock.ts';
import { type SecondTotals } from './second-totals.ts';

export interface StatusReporterOptions {
  readonly app: ReportingApp;
  readonly connection: KafkaConnection;
  readonly logger: Logger;
  readonly metrics: MetricsByName;
  /** What an ingress accepted, by the second in which it was received. */
  readonly acceptedSeconds: SecondTotals;
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
/**
 * Tells the topic `pipeline-status` how this process is doing. Beside the work, never part of it: it has a connection
 * of its own, one report under way at most, and a report that fails is forgotten, since the next one says more.
 */
export class StatusReporter implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly instance = randomUUID().slice(0, 8);
  private readonly producer: SingleRecordProducer;
  private timer: NodeJS.Timeout | undefined;
  private underWay: Promise<void> | undefined;

  constructor(private readonly options: StatusReporterOptions) {
    this.producer = new SingleRecordProducer(STATUS_TOPIC.name, options);
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
    const { app, metrics, acceptedSeconds, readiness, clock, send } = this.options;
    const status: AppStatus = {
      app,
      instance: this.instance,
      at: new Date().toISOString(),
      notReady: Object.keys(readiness.notReady()),
      totals: await totalsOf(metrics),
      ...(metrics.getSingleMetric(METRICS.accepted) && { acceptedSeconds: acceptedSeconds.list() }),
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
  getSingleMetric(name: string): { get(): Promise<{ readonly values: readonly CountedValue[] }> } | undefined;
}

interface CountedValue {
  readonly value: number;
  readonly labels: Partial<Record<string, string | number>>;
}

/** Of events: changes of tables are none. */
function sumOf(values: readonly CountedValue[]): number {
  const ofEvents = values.filter(({ labels }) => tableOf(String(labels['topic'])) === undefined);
  return ofEvents.reduce((sum, { value }) => sum + value, 0);
}

async function totalsOf(metrics: MetricsByName): Promise<AppTotals> {
  const totals = Object.entries(METRICS).map(async ([total, name]) => {
    const counted = await metrics.getSingleMetric(name)?.get();
    return [total, sumOf(counted?.values ?? [])] as const;
  });
  return Object.fromEntries(await Promise.all(totals)) as AppTotals;
}
