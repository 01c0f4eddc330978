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
import { BoundedHttpAdapter } from './http/bounded.http-adapter.ts';
import { type Logger } from './logger.ts';
import { OpsController } from './ops.controller.ts';
import { PipelineMetrics } from './pipeline-metrics.ts';
import { Readiness } from './readiness.ts';
import { LOGGER, METRICS_REGISTRY, TRACER } from './tokens.ts';
import { createTracer } from './tracing/create-tracer.ts';
import { PassingTracer } from './tracing/passing.tracer.ts';
import { type Tracer } from './tracing/tracer.ts';
import { type TracingSettings } from './tracing/tracing-settings.ts';

/** For an app that traces. */
export interface TracingOptions {
  readonly app: string;
  readonly settings: TracingSettings;
}

/** Logger, metrics registry, pipeline metrics, readiness and tracer of the app, and the three operator endpoints. */
@Global()
@Module({})
export class ObservabilityModule implements OnModuleInit, OnApplicationShutdown {
  static forRoot(logger: Logger, tracing?: TracingOptions): DynamicModule {
    const registry = new Registry();
    // The default of 10 ms wakes an idle process a hundred times a second.
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
    return {
      module: ObservabilityModule,
      controllers: [OpsController],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: METRICS_REGISTRY, useValue: registry },
        { provide: PipelineMetrics, useValue: new PipelineMetrics(registry) },
        { provide: Readiness, useValue: new Readiness() },
        { provide: TRACER, useFactory: () => tracerOf(logger, tracing) },
      ],
      exports: [LOGGER, METRICS_REGISTRY, PipelineMetrics, Readiness, TRACER],
    };
  }

  constructor(
    @Inject(TRACER) private readonly tracer: Tracer,
    @Inject(PipelineMetrics) private readonly metrics: PipelineMetrics,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  onModuleInit(): void {
    const adapter: unknown = this.host.httpAdapter;
    if (adapter instanceof BoundedHttpAdapter) adapter.observe(this.metrics);
  }

  /** Runs when servers and consumers have ended: no span is open any more. */
  onApplicationShutdown(): Promise<void> {
    return this.tracer.close();
  }
}

function tracerOf(logger: Logger, tracing: TracingOptions | undefined): Tracer | Promise<Tracer> {
  return tracing ? createTracer(tracing.app, tracing.settings, logger) : new PassingTracer();
}
