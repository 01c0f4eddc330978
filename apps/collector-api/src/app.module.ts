import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { BrokerClock, kafkaConnection, StatusModule } from '@pipeline/kafka-transport';
import {
  type Logger,
  ObservabilityModule,
  PipelineMetrics,
  Readiness,
  type Tracer,
  TRACER,
} from '@pipeline/observability';
import { EventAcceptor, MAX_EVENTS_PER_REQUEST } from './accept/event-acceptor.ts';
import { IdMemory } from './accept/id-memory.ts';
import { type CollectorApiConfig } from './collector-api.config.ts';
import { EventsController } from './http/events.controller.ts';
import { PixelController } from './http/pixel.controller.ts';
import { RefusalFilter } from './http/refusal.filter.ts';
import { SenderReader } from './http/sender-of.ts';
import { EVENT_PUBLISHER } from './publish/event-publisher.ts';
import { createEventPublisher } from './publish/create-event-publisher.ts';
import { createRejectedLog } from './reject/create-rejected-log.ts';
import { REJECTED_LOG } from './reject/rejected-log.ts';

@Module({})
export class AppModule {
  static forRoot(config: CollectorApiConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot(logger, { app: 'collector-api', settings: config }),
        StatusModule.forRoot('collector-api', kafkaConnection(config, 'collector-api')),
      ],
      controllers: [EventsController, PixelController],
      providers: [
        EventAcceptor,
        { provide: MAX_EVENTS_PER_REQUEST, useValue: config.maxEventsPerRequest },
        {
          provide: SenderReader,
          inject: [TRACER, BrokerClock, Readiness],
          useFactory: (tracer: Tracer, clock: BrokerClock, readiness: Readiness) =>
            new SenderReader(config.storesNetwork, tracer, clock, readiness),
        },
        { provide: IdMemory, useValue: new IdMemory(config.recentIds) },
        {
          provide: EVENT_PUBLISHER,
          inject: [PipelineMetrics, Readiness, TRACER],
          useFactory: (metrics: PipelineMetrics, readiness: Readiness, tracer: Tracer) =>
            createEventPublisher({ config, logger, metrics, readiness, tracer }),
        },
        {
          provide: REJECTED_LOG,
          inject: [PipelineMetrics],
          useFactory: (metrics: PipelineMetrics) => createRejectedLog(config, logger, metrics),
        },
        { provide: APP_FILTER, useClass: RefusalFilter },
      ],
    };
  }
}
