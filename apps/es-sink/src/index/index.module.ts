import { type DynamicModule, Module } from '@nestjs/common';
import { ElasticsearchService } from '@nestjs/elasticsearch';
import { EVENT_TOPICS } from '@pipeline/event-schema';
import { type DocumentStore } from '../elasticsearch/document-store.ts';
import { ElasticsearchDocumentStore } from '../elasticsearch/elasticsearch.document-store.ts';
import { indexTemplate } from '../elasticsearch/index-template.ts';
import { type EsSinkConfig } from '../es-sink.config.ts';
import { BulkIndexer } from './bulk-indexer.ts';
import { ElasticsearchSinkWriter } from './elasticsearch.sink-writer.ts';
import { EventCopies } from './event-copies.ts';
import { IndexTemplates } from './index-templates.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DOCUMENT_STORE = Symbol('document-store');

/** Everything that turns records into documents. Exports the `SinkWriter` and the templates it stands on. */
@Module({})
export class IndexModule {
  static forRoot(config: EsSinkConfig, client: DynamicModule): DynamicModule {
    return {
      module: IndexModule,
      imports: [client],
      providers: [
        {
          provide: DOCUMENT_STORE,
          inject: [ElasticsearchService],
          useFactory: (service: ElasticsearchService) =>
            new ElasticsearchDocumentStore(service, { timeoutMs: config.bulkTimeoutMs }),
        },
        {
          provide: BulkIndexer,
          inject: [DOCUMENT_STORE],
          useFactory: (store: DocumentStore) => new BulkIndexer(store, bulkLimits(config)),
        },
        {
          provide: IndexTemplates,
          inject: [DOCUMENT_STORE],
          useFactory: (store: DocumentStore) => new IndexTemplates(store, templates(config)),
        },
        {
          provide: ElasticsearchSinkWriter,
          inject: [BulkIndexer, IndexTemplates, DOCUMENT_STORE],
          useFactory: (indexer: BulkIndexer, present: IndexTemplates, store: DocumentStore) =>
            new ElasticsearchSinkWriter(indexer, present, new EventCopies(store), eventTimeWindow(config)),
        },
      ],
      exports: [ElasticsearchSinkWriter, IndexTemplates],
    };
  }
}

function bulkLimits({ bulkMaxBytes, maxConcurrentBulks }: EsSinkConfig) {
  return { maxRequestBytes: bulkMaxBytes, maxConcurrentRequests: maxConcurrentBulks };
}

function templates({ indexReplicas }: EsSinkConfig) {
  return EVENT_TOPICS.map((topic) => indexTemplate(topic, indexReplicas));
}

function eventTimeWindow({ maxEventAgeDays, maxEventLeadDays }: EsSinkConfig) {
  return { maxAgeMs: maxEventAgeDays * DAY_MS, maxLeadMs: maxEventLeadDays * DAY_MS };
}
