import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { FILE_QUERY_TOPIC, QUERY_TOPICS } from '@pipeline/event-schema';
import { type KafkaConnection, QueryClient } from '@pipeline/kafka-transport';
import { LOGGER, type Logger, METRICS_REGISTRY, Readiness, type Registry } from '@pipeline/observability';
import { HISTORY } from './history.ts';
import { historyMetrics, KafkaHistory } from './kafka.history.ts';
import { OpenQuestions } from './open-questions.ts';
import { QueryController } from './query.controller.ts';
import { SharedHistory } from './shared.history.ts';

/** The history over HTTP; es-sink has the answers. */
@Module({})
export class QueryModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(QueryClient) private readonly client: QueryClient) {}

  static forRoot(
    config: { readonly queryTimeoutMs: number; readonly historyCacheMs: number },
    connection: KafkaConnection,
    instance: string,
  ): DynamicModule {
    return {
      module: QueryModule,
      controllers: [QueryController],
      providers: [
        { provide: OpenQuestions, useFactory: () => new OpenQuestions() },
        {
          provide: QueryClient,
          inject: [LOGGER, Readiness],
          useFactory: (logger: Logger, readiness: Readiness) =>
            new QueryClient({
              connection,
              groupId: `web-ui-query-${instance}`,
              patterns: [...Object.values(QUERY_TOPICS), FILE_QUERY_TOPIC],
              timeoutMs: config.queryTimeoutMs,
              logger,
              readiness,
            }),
        },
        {
          provide: HISTORY,
          inject: [QueryClient, METRICS_REGISTRY, LOGGER],
          useFactory: (client: QueryClient, registry: Registry, logger: Logger) =>
            new SharedHistory(
              new KafkaHistory(client, historyMetrics(registry), logger),
              config.historyCacheMs,
            ),
        },
      ],
      exports: [HISTORY, OpenQuestions],
    };
  }

  onApplicationBootstrap(): void {
    this.client.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
