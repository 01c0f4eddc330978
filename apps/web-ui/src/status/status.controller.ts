import { Controller, Get, Header, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { decodeStatus, STATUS_TOPIC } from '@pipeline/event-schema';
import { KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { AppStatuses } from './app-statuses.ts';
import { BrokerWatch } from './broker-watch.ts';
import { type HealthReport } from '../protocol/health-report.ts';
import { SearchableProbe } from './searchable-probe.ts';

/** Hears what the apps say of themselves, and tells pages how the pipeline is doing. */
@Controller()
export class StatusController {
  constructor(
    @Inject(AppStatuses) private readonly apps: AppStatuses,
    @Inject(BrokerWatch) private readonly broker: BrokerWatch,
    @Inject(SearchableProbe) private readonly probe: SearchableProbe,
  ) {}

  @EventPattern<string>(STATUS_TOPIC.name, KAFKA_BATCH)
  hear(@Payload() { records }: RecordBatch): void {
    for (const { value } of records) {
      const status = decodeStatus(value);
      if (status) this.apps.hear(status, Date.now());
    }
  }

  @Get('v1/health')
  @Header('cache-control', 'no-store')
  health(): HealthReport {
    const nowMs = Date.now();
    const { kafka, ...broker } = this.broker.part(nowMs);
    return {
      perMinute: {
        accepted: this.apps.perMinute('collector-api', 'accepted', nowMs),
        kafka,
        hdfs: this.apps.perMinute('hdfs-sink', 'written', nowMs),
        elasticsearch: this.apps.perMinute('es-sink', 'written', nowMs),
      },
      apps: this.apps.health(nowMs),
      ...broker,
      searchable: this.probe.summary(),
    };
  }
}
