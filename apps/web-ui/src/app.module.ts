import { randomUUID } from 'node:crypto';
import { type DynamicModule, Module } from '@nestjs/common';
import { kafkaConnection } from '@pipeline/kafka-transport';
import { type Logger, ObservabilityModule } from '@pipeline/observability';
import { HttpModule } from './http/http.module.ts';
import { JourneyModule } from './journey/journey.module.ts';
import { LiveModule } from './live/live.module.ts';
import { QueryModule } from './query/query.module.ts';
import { PipelineStatusModule } from './status/status.module.ts';
import { type WebUiConfig } from './web-ui.config.ts';

export interface AppModuleOptions {
  readonly config: WebUiConfig;
  readonly logger: Logger;
  /** Absolute path of what Vite built. */
  readonly clientFolder: string;
}

@Module({})
export class WebUiModule {
  static forRoot({ config, logger, clientFolder }: AppModuleOptions): DynamicModule {
    // New for every start: a group of an earlier life would replay what happened since its last commit as live.
    const instance = randomUUID().slice(0, 8);
    const connection = kafkaConnection(config, `web-ui-${instance}`);
    const query = QueryModule.forRoot(config, connection, instance);
    const status = PipelineStatusModule.forRoot(connection, query);
    const journey = JourneyModule.forRoot(connection, [query, status]);
    return {
      module: WebUiModule,
      imports: [
        ObservabilityModule.forRoot(logger),
        HttpModule.forRoot({ clientFolder, collectorUrl: config.collectorPublicUrl }),
        LiveModule.forRoot(config, { connection, instance, imports: [status, journey] }),
        query,
        status,
        journey,
      ],
    };
  }
}
