import { type DynamicModule, Global, Module } from '@nestjs/common';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type Logger } from './logger.ts';
import { OpsController } from './ops.controller.ts';
import { PipelineMetrics } from './pipeline-metrics.ts';
import { Readiness } from './readiness.ts';
import { LOGGER, METRICS_REGISTRY } from './tokens.ts';

/** Logger, metrics registry, pipeline metrics and readiness for the whole app, and the three operator endpoints. */
@Global()
@Module({})
export class ObservabilityModule {
  static forRoot(logger: Logger): DynamicModule {
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
      ],
      exports: [LOGGER, METRICS_REGISTRY, PipelineMetrics, Readiness],
    };
  }
}
