import { type DynamicModule, Module } from '@nestjs/common';
import { type ReportingApp } from '@pipeline/event-schema';
import { LOGGER, type Logger, METRICS_REGISTRY, PipelineMetrics, Readiness } from '@pipeline/observability';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { BrokerClock } from './broker-clock.ts';
import { type MetricsByName, StatusReporter } from './status-reporter.ts';

/** Makes an app report its status; an app that imports it needs nothing else. */
@Module({})
export class StatusModule {
  static forRoot(app: ReportingApp, connection: KafkaConnection): DynamicModule {
    return {
      module: StatusModule,
      providers: [
        {
          provide: StatusReporter,
          inject: [LOGGER, METRICS_REGISTRY, Readiness, BrokerClock],
          useFactory: (logger: Logger, metrics: MetricsByName, readiness: Readiness, clock: BrokerClock) =>
            new StatusReporter({ app, connection, logger, metrics, readiness, clock }),
        },
        {
          provide: BrokerClock,
          inject: [PipelineMetrics],
          useFactory: (metrics: PipelineMetrics) => new BrokerClock(metrics),
        },
      ],
      exports: [BrokerClock],
    };
  }
}
