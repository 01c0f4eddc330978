import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type PartitionWriter, type SinkWriter } from '@pipeline/sink-runtime';
import { type BulkIndexer } from './bulk-indexer.ts';
import { DocumentReader } from './document-reader.ts';
import { type EventCopies } from './event-copies.ts';
import { ElasticsearchPartitionWriter } from './elasticsearch.partition-writer.ts';
import { type EventTimeWindow } from './index-name.ts';
import { type IndexTemplates } from './index-templates.ts';

/** Elasticsearch as the runtime sees it: partition writers that share one indexer. */
export class ElasticsearchSinkWriter implements SinkWriter {
  constructor(
    private readonly indexer: BulkIndexer,
    private readonly templates: IndexTemplates,
    private readonly copies: EventCopies,
    private readonly window: EventTimeWindow,
  ) {}

  open({ topic, partition }: PartitionAssignment): PartitionWriter {
    return new ElasticsearchPartitionWriter(
      new DocumentReader(topic, partition, this.window),
      this.indexer,
      this.templates,
      this.copies,
    );
  }
}
