import { type DynamicModule, Module } from '@nestjs/common';
import { kafkaConnection, SecondTotals, StatusModule } from '@pipeline/kafka-transport';
import {
  METRICS_REGISTRY,
  ObservabilityModule,
  Readiness,
  type Registry,
  type Tracer,
  TRACER,
} from '@pipeline/observability';
import { Intake } from './intake.ts';
import { INTAKE_METRICS, type IntakeMetrics, intakeMetrics } from '../intake-metrics.ts';
import { INTAKE_OPTIONS, type IntakeOptions } from '../intake-settings.ts';
import { EVENT_PUBLISHER } from '../publish/event-publisher.ts';
import { KafkaEventPublisher } from '../publish/kafka.event-publisher.ts';
import { createRejectedLog } from '../reject/kafka.rejected-log.ts';
import { REJECTED_LOG } from '../reject/rejected-log.ts';

/**
 * All that an ingress has beside its protocol: {@link Intake}, with Kafka and the spool behind it, and log, metrics, traces,
 * readiness and status of the app.
 */
@Module({})
export class IntakeModule {
  static forRoot(options: IntakeOptions): DynamicModule {
    const { app, config, logger } = options;
    return {
      module: IntakeModule,
      imports: [
        ObservabilityModule.forRoot(logger, { app, settings: config }),
        StatusModule.forRoot(app, kafkaConnection(config, app)),
      ],
      providers: [
        Intake,
        { provide: INTAKE_OPTIONS, useValue: options },
        { provide: INTAKE_METRICS, inject: [METRICS_REGISTRY, SecondTotals], useFactory: intakeMetrics },
        {
          provide: EVENT_PUBLISHER,
          inject: [METRICS_REGISTRY, INTAKE_METRICS, Readiness, TRACER],
          useFactory: (registry: Registry, own: IntakeMetrics, readiness: Readiness, tracer: Tracer) =>
            KafkaEventPublisher.open({ ...options, registry, own, readiness, tracer }),
        },
        {
          provide: REJECTED_LOG,
          inject: [INTAKE_METRICS],
          useFactory: (metrics: IntakeMetrics) => createRejectedLog(options, metrics),
        },
      ],
      exports: [Intake],
    };
  }
}
