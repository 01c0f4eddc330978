import { TABLES } from '@pipeline/event-schema';
import {
  type DocumentStore,
  type RowDocument,
  type StoredDocument,
} from '../src/elasticsearch/document-store.ts';
import { indexTemplate, tableTemplate } from '../src/elasticsearch/index-template.ts';
import { BulkIndexer } from '../src/index/bulk-indexer.ts';
import { ElasticsearchSinkWriter } from '../src/index/elasticsearch.sink-writer.ts';
import { EventCopies } from '../src/index/event-copies.ts';
import { IndexTemplates } from '../src/index/index-templates.ts';
import { WINDOW } from './records.fixture.ts';

export interface SinkWriterFacts {
  readonly maxRequestBytes?: number;
  readonly templates?: IndexTemplates;
}

/** The sink's writer over a store, of picks and of tables. */
export function sinkWriterOver(store: DocumentStore, facts: SinkWriterFacts = {}): ElasticsearchSinkWriter {
  const { maxRequestBytes = 1_000_000, templates = templatesOver(store) } = facts;
  const limits = { maxRequestBytes, maxConcurrentRequests: 2 };
  return new ElasticsearchSinkWriter({
    events: new BulkIndexer<StoredDocument>((sent) => store.createAll(sent), limits),
    rows: new BulkIndexer<RowDocument>((sent) => store.putNewest(sent), limits),
    templates,
    copies: new EventCopies(store),
    window: WINDOW,
    deletionMs: 7 * 24 * 60 * 60 * 1_000,
  });
}

function templatesOver(store: DocumentStore): IndexTemplates {
  const ofTables = TABLES.map((table) => tableTemplate(table, '0-1'));
  return new IndexTemplates(store, [...ofTables, indexTemplate('select-color', '0-1')]);
}
