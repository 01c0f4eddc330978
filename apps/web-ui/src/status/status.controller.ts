import { Controller, Get, Header, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { decodeStatus, PROOF_TOPIC, type SinkName, STATUS_TOPIC, TOPICS } from '@pipeline/event-schema';
import { KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { type Cohort, type HealthReport } from '../protocol/health-report.ts';
import { AppStatuses } from './app-statuses.ts';
import { BrokerWatch } from './broker-watch.ts';
import { ProofBook } from './proof-book.ts';
import { ReceivedCounts } from './received-counts.ts';
import { SearchableProbe } from './searchable-probe.ts';

/** The topics of which the live feed takes note. */
const FOLLOWED = [TOPICS.selectColor.name, TOPICS.pageView.name];

/** Hears what the apps say of themselves, and tells pages how the pipeline is doing. */
@Controller()
export class StatusController {
  constructor(
    @Inject(AppStatuses) private readonly apps: AppStatuses,
    @Inject(BrokerWatch) private readonly broker: BrokerWatch,
    @Inject(SearchableProbe) private readonly probe: SearchableProbe,
    @Inject(ReceivedCounts) private readonly received: ReceivedCounts,
    @Inject(ProofBook) private readonly proof: ProofBook,
  ) {}

  @EventPattern<string>(STATUS_TOPIC.name, KAFKA_BATCH)
  hear(@Payload() { records }: RecordBatch): void {
    for (const { value } of records) {
      const status = decodeStatus(value);
      if (status) this.apps.hear(status, Date.now());
    }
  }

  @EventPattern<string>(PROOF_TOPIC.name, KAFKA_BATCH)
  hearProof(@Payload() { records }: RecordBatch): void {
    this.proof.hear(records);
  }

  @Get('v1/health')
  @Header('cache-control', 'no-store')
  health(): HealthReport {
    const nowMs = Date.now();
    const broker = this.broker.part(nowMs);
    const { byTopic, askedAtMs } = this.broker.extents();
    return {
      acceptedPerSecond: this.apps.acceptedPerSecond(nowMs),
      cohort: this.cohort(nowMs, broker.brokerAnswers),
      proof: askedAtMs > 0 ? this.proof.report(byTopic, askedAtMs) : null,
      apps: this.apps.health(nowMs),
      ...broker,
      searchable: this.probe.summary(),
    };
  }

  private cohort(nowMs: number, brokerAnswers: boolean): Cohort | null {
    const window = this.received.window(nowMs);
    if (!window) return null;
    const kafka = brokerAnswers ? this.received.count(window) : null;
    const stored = (group: SinkName): number | null => {
      const commits = (topic: string, partition: number) => this.broker.committed(group, topic, partition);
      return brokerAnswers ? (this.received.committed(window, commits) ?? null) : null;
    };
    const accepted = this.apps.acceptedIn(window, FOLLOWED, nowMs);
    return {
      from: new Date(window.from * 1_000).toISOString(),
      to: new Date(window.to * 1_000).toISOString(),
      // What lies in Kafka was received, whether or not its collector lived to tell.
      accepted: accepted === null ? null : Math.max(accepted, kafka ?? 0),
      kafka,
      hdfs: stored('hdfs-sink'),
      elasticsearch: stored('es-sink'),
    };
  }
}
