import { type DynamicModule, Module } from '@nestjs/common';
import { type ReportingApp } from '@pipeline/event-schema';
import { type KafkaConnection } from '@pipeline/kafka-driver';
import { LOGGER, type Logger, METRICS_REGISTRY, Readiness, type Registry } from '@pipeline/observability';
import { BrokerClock } from './broker-clock.ts';
import { SecondTotals } from './second-totals.ts';
import { StatusReporter } from './status-reporter.ts';

/** Makes an app report its status; an app that imports it needs nothing else. */
@Module({})
export class StatusModule {
  static forRoot(app: ReportingApp, connection: KafkaConnection): DynamicModule {
    return {
      module: StatusModule,
      providers: [
        SecondTotals,
        {
          provide: StatusReporter,
          inject: [LOGGER, METRICS_REGISTRY, SecondTotals, Readiness, BrokerClock],
          useFactory: (
            logger: Logger,
            metrics: Registry,
            acceptedSeconds: SecondTotals,
            readiness: Readiness,
            clock: BrokerClock,
          ) => new StatusReporter({ app, connection, logger, metrics, acceptedSeconds, readiness, clock }),
        },
        {
          provide: BrokerClock,
          inject: [METRICS_REGISTRY],
          useFactory: (registry: Registry) => new BrokerClock(registry),
        },
      ],
      exports: [BrokerClock, SecondTotals],
    };
  }
}
