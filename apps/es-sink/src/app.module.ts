import { type DynamicModule, Module } from '@nestjs/common';
import { GROUPS } from '@pipeline/event-schema';
import { kafkaConnection, StatusModule } from '@pipeline/kafka-transport';
import { type Logger, ObservabilityModule } from '@pipeline/observability';
import { SinkModule, StoreHealthModule } from '@pipeline/sink-runtime';
import { ElasticsearchClientModule } from './elasticsearch/elasticsearch-client.module.ts';
import { type EsSinkConfig } from './es-sink.config.ts';
import { ElasticsearchSinkWriter } from './index/elasticsearch.sink-writer.ts';
import { IndexTemplates } from './index/index-templates.ts';
import { IndexModule } from './index/index.module.ts';
import { SearchModule } from './search/search.module.ts';

@Module({})
export class AppModule {
  static forRoot(config: EsSinkConfig, logger: Logger): DynamicModule {
    const connection = kafkaConnection(config, GROUPS.esSink);
    const client = ElasticsearchClientModule.forRoot(config);
    const index = IndexModule.forRoot(config, client);
    const sink = SinkModule.forRoot({
      group: GROUPS.esSink,
      settings: config,
      connection,
      imports: [index],
      inject: [ElasticsearchSinkWriter],
      useFactory: (writer: ElasticsearchSinkWriter) => writer,
    });
    // Templates that are gone are put back.
    const health = StoreHealthModule.forRoot({
      store: 'Elasticsearch',
      intervalMs: config.probeIntervalMs,
      imports: [index],
      inject: [IndexTemplates],
      useFactory: (templates: IndexTemplates) => () => templates.check(),
    });
    return {
      module: AppModule,
      imports: [
        ObservabilityModule.forRoot(logger, { app: 'es-sink', settings: config }),
        sink,
        StatusModule.forRoot('es-sink', connection),
        health,
        SearchModule.forRoot(config, client, connection),
      ],
    };
  }
}
