import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { type EsSinkConfig } from '../es-sink.config.ts';
import { IndexTemplates } from '../index/index-templates.ts';
import { StoreProbe } from './store-probe.ts';

/** Tells at `/readyz` whether Elasticsearch can take documents. */
@Module({})
export class HealthModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(StoreProbe) private readonly probe: StoreProbe) {}

  static forRoot({ probeIntervalMs }: EsSinkConfig, index: DynamicModule): DynamicModule {
    return {
      module: HealthModule,
      imports: [index],
      providers: [
        {
          provide: StoreProbe,
          inject: [IndexTemplates, Readiness, LOGGER],
          useFactory: (templates: IndexTemplates, readiness: Readiness, logger: Logger) =>
            new StoreProbe({ templates, readiness, logger, intervalMs: probeIntervalMs }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    void this.probe.run();
  }

  onApplicationShutdown(): void {
    this.probe.stop();
  }
}
