import {
  type DynamicModule,
  Global,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { BoundedHttpAdapter } from '../http/bounded.http-adapter.ts';
import { type Logger, LOGGER } from '../logger.ts';
import { METRICS_REGISTRY } from '../metrics.ts';
import { OpsController } from './ops.controller.ts';
import { Readiness } from '../readiness.ts';
import { createTracer, PassingTracer } from '../tracing/create-tracer.ts';
import { type Tracer, TRACER } from '../tracing/tracer.ts';
import { type TracingSettings } from '../tracing/tracing-settings.ts';

/** Logger, metrics registry, readiness and tracer of the app, and the three operator endpoints. */
@Global()
@Module({})
export class ObservabilityModule implements OnModuleInit, OnApplicationShutdown {
  /** @param tracing of an app that traces. */
  static forRoot(
    logger: Logger,
    tracing?: { readonly app: string; readonly settings: TracingSettings },
  ): DynamicModule {
    const registry = new Registry();
    // The default of 10 ms wakes an idle process a hundred times a second.
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
    return {
      module: ObservabilityModule,
      controllers: [OpsController],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: METRICS_REGISTRY, useValue: registry },
        { provide: Readiness, useValue: new Readiness() },
        {
          provide: TRACER,
          useFactory: () =>
            tracing ? createTracer(tracing.app, tracing.settings, logger) : new PassingTracer(),
        },
      ],
      exports: [LOGGER, METRICS_REGISTRY, Readiness, TRACER],
    };
  }

  constructor(
    @Inject(TRACER) private readonly tracer: Tracer,
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const adapter: unknown = this.host.httpAdapter;
    if (adapter instanceof BoundedHttpAdapter) adapter.observe(this.registry);
  }

  /** Runs when servers and consumers have ended: no span is open any more. */
  onApplicationShutdown(): Promise<void> {
    return this.tracer.close();
  }
}
