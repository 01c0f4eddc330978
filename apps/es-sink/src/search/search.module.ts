import { type DynamicModule, Module } from '@nestjs/common';
import { ElasticsearchService } from '@nestjs/elasticsearch';
import { GROUPS, queryGroup } from '@pipeline/event-schema';
import { type KafkaConnection, QueryServer } from '@pipeline/kafka-transport';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { type EsSinkConfig } from '../es-sink.config.ts';
import { ElasticsearchEventSearch } from './elasticsearch.event-search.ts';
import { SearchController } from './search.controller.ts';
import { EVENT_SEARCH } from './tokens.ts';

/** Answers questions about stored events over Kafka. */
@Module({})
export class SearchModule {
  static forRoot(config: EsSinkConfig, client: DynamicModule, connection: KafkaConnection): DynamicModule {
    return {
      module: SearchModule,
      imports: [client],
      controllers: [SearchController],
      providers: [
        {
          provide: EVENT_SEARCH,
          inject: [ElasticsearchService],
          useFactory: (service: ElasticsearchService) =>
            new ElasticsearchEventSearch(service, config.searchTimeoutMs),
        },
        {
          provide: QueryServer,
          inject: [LOGGER, Readiness],
          useFactory: (logger: Logger, readiness: Readiness) =>
            new QueryServer({ connection, groupId: queryGroup(GROUPS.esSink), logger, readiness }),
        },
      ],
      exports: [QueryServer],
    };
  }
}
