import { tableOf } from '@pipeline/event-schema';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type PartitionWriter, type SinkWriter } from '@pipeline/sink-runtime';
import { type RowDocument, type StoredDocument } from '../elasticsearch/document-store.ts';
import { type BulkIndexer } from './bulk-indexer.ts';
import { DocumentReader } from './document-reader.ts';
import { type EventCopies } from './event-copies.ts';
import { ElasticsearchPartitionWriter } from './elasticsearch.partition-writer.ts';
import { type EventTimeWindow } from './index-name.ts';
import { type IndexTemplates } from './index-templates.ts';
import { RowReader } from './row-reader.ts';

export interface SinkWriterParts {
  readonly events: BulkIndexer<StoredDocument>;
  readonly rows: BulkIndexer<RowDocument>;
  readonly templates: IndexTemplates;
  readonly copies: EventCopies;
  readonly window: EventTimeWindow;
  /** How long the deletion of a row is kept. */
  readonly deletionMs: number;
}

/** Elasticsearch as the runtime sees it: partition writers that share an indexer of events and one of rows. */
export class ElasticsearchSinkWriter implements SinkWriter {
  constructor(private readonly parts: SinkWriterParts) {}

  open({ topic, partition }: PartitionAssignment): PartitionWriter {
    const { events, rows, templates, copies, window, deletionMs } = this.parts;
    const table = tableOf(topic);
    if (table !== undefined) {
      const reader = new RowReader(table, partition, { deletionMs });
      return new ElasticsearchPartitionWriter({ reader, indexer: rows, templates });
    }
    return new ElasticsearchPartitionWriter({
      reader: new DocumentReader(topic, partition, window),
      indexer: events,
      templates,
      afterwards: (documents, outcomes) => copies.unite(documents, outcomes),
    });
  }
}
