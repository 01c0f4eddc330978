import { ElasticsearchService } from '@nestjs/elasticsearch';
import { type SinkApp } from '@pipeline/sink-runtime';
import { ElasticsearchClientModule } from './elasticsearch/elasticsearch-client.module.ts';
import { esSinkSettings } from './es-sink.config.ts';
import { ElasticsearchSinkWriter } from './index/elasticsearch.sink-writer.ts';
import { IndexTemplates } from './index/index-templates.ts';
import { IndexModule } from './index/index.module.ts';
import { ElasticsearchEventSearch } from './search/elasticsearch.event-search.ts';
import { EVENT_SEARCH } from './search/event-search.ts';
import { SearchController } from './search/search.controller.ts';

/** Events from Kafka into Elasticsearch, and answers about them. */
export const esSink: SinkApp<typeof esSinkSettings.shape> = {
  name: 'es-sink',
  settings: esSinkSettings,
  parts: (config) => {
    const client = ElasticsearchClientModule.forRoot(config);
    return {
      imports: [client, IndexModule.forRoot(config, client)],
      writer: ElasticsearchSinkWriter,
      // Templates that are gone are put back.
      probe: { inject: [IndexTemplates], useFactory: (templates: IndexTemplates) => () => templates.check() },
      queries: {
        controllers: [SearchController],
        providers: [
          {
            provide: EVENT_SEARCH,
            inject: [ElasticsearchService],
            useFactory: (service: ElasticsearchService) =>
              new ElasticsearchEventSearch(service, config.searchTimeoutMs),
          },
        ],
      },
    };
  },
};
