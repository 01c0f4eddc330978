import { type DynamicModule, Module } from '@nestjs/common';
import { ElasticsearchService } from '@nestjs/elasticsearch';
import { EVENT_TOPICS, TABLES } from '@pipeline/event-schema';
import { type Logger, LOGGER } from '@pipeline/observability';
import {
  type DocumentStore,
  type RowDocument,
  type StoredDocument,
} from '../elasticsearch/document-store.ts';
import { ElasticsearchDocumentStore } from '../elasticsearch/elasticsearch.document-store.ts';
import { indexTemplate, tableTemplate } from '../elasticsearch/index-template.ts';
import { BulkIndexer } from './bulk-indexer.ts';
import { DeletionPurge } from './deletion-purge.ts';
import { ElasticsearchSinkWriter } from './elasticsearch.sink-writer.ts';
import { EventCopies } from './event-copies.ts';
import { IndexTemplates } from './index-templates.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const DOCUMENT_STORE = Symbol('document-store');

/** What the settings say of indices and of the requests that fill them. */
interface IndexSettings {
  readonly bulkMaxBytes: number;
  readonly maxConcurrentBulks: number;
  readonly bulkTimeoutMs: number;
  readonly indexReplicas: string;
  readonly maxEventAgeDays: number;
  readonly maxEventLeadDays: number;
  readonly deletionDays: number;
}

/** Everything that turns records into documents. Exports the `SinkWriter` and the templates it stands on. */
@Module({})
export class IndexModule {
  static forRoot(config: IndexSettings, client: DynamicModule): DynamicModule {
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
          provide: DeletionPurge,
          inject: [DOCUMENT_STORE, LOGGER],
          useFactory: (store: DocumentStore, logger: Logger) => new DeletionPurge(store, logger),
        },
        {
          provide: IndexTemplates,
          inject: [DOCUMENT_STORE],
          useFactory: (store: DocumentStore) => new IndexTemplates(store, templates(config)),
        },
        {
          provide: ElasticsearchSinkWriter,
          inject: [IndexTemplates, DOCUMENT_STORE],
          useFactory: (present: IndexTemplates, store: DocumentStore) =>
            new ElasticsearchSinkWriter({
              events: new BulkIndexer<StoredDocument>((sent) => store.createAll(sent), bulkLimits(config)),
              rows: new BulkIndexer<RowDocument>((sent) => store.putNewest(sent), {
                ...bulkLimits(config),
                maxConcurrentRequests: 1,
              }),
              templates: present,
              copies: new EventCopies(store),
              window: eventTimeWindow(config),
              deletionMs: config.deletionDays * DAY_MS,
            }),
        },
      ],
      exports: [ElasticsearchSinkWriter, IndexTemplates],
    };
  }
}

function bulkLimits({ bulkMaxBytes, maxConcurrentBulks }: IndexSettings) {
  return { maxRequestBytes: bulkMaxBytes, maxConcurrentRequests: maxConcurrentBulks };
}

function templates({ indexReplicas }: IndexSettings) {
  return [
    ...EVENT_TOPICS.map((topic) => indexTemplate(topic, indexReplicas)),
    ...TABLES.map((table) => tableTemplate(table, indexReplicas)),
  ];
}

function eventTimeWindow({ maxEventAgeDays, maxEventLeadDays }: IndexSettings) {
  return { maxAgeMs: maxEventAgeDays * DAY_MS, maxLeadMs: maxEventLeadDays * DAY_MS };
}
