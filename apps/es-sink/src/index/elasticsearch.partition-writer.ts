import { type KafkaRecord } from '@pipeline/kafka-transport';
import {
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  type WriteReport,
} from '@pipeline/sink-runtime';
import { type SentDocument } from '../elasticsearch/document-store.ts';
import { type BulkIndexer } from './bulk-indexer.ts';
import { type BulkOutcome } from './bulk-outcome.ts';
import { type IndexTemplates } from './index-templates.ts';

/** Makes documents of the records of one partition. */
export interface RecordReader<Document extends SentDocument> {
  read(record: KafkaRecord): Document | RejectedRecord;
}

export interface PartitionParts<Document extends SentDocument> {
  readonly reader: RecordReader<Document>;
  readonly indexer: BulkIndexer<Document>;
  readonly templates: IndexTemplates;
  /** Comes after what was sent, and may change outcomes. */
  readonly afterwards?: (documents: readonly Document[], outcomes: BulkOutcome[]) => Promise<void>;
}

/** Writes the records of one partition as documents whose id is the event's or the row's: a replay meets what is there. */
export class ElasticsearchPartitionWriter<Document extends SentDocument> implements PartitionWriter {
  constructor(private readonly parts: PartitionParts<Document>) {}

  /**
   * Resolves when every record is stored, refused for good, or listed for another try.
   * @throws StoreError when nothing of the range reached a decision.
   */
  async write({ topic, records }: RecordRange, revoked: AbortSignal): Promise<WriteReport> {
    const { reader, indexer, templates, afterwards } = this.parts;
    const rejected: RejectedRecord[] = [];
    const sent: KafkaRecord[] = [];
    const documents: Document[] = [];
    const indices = new Set<string>();
    for (const record of records) {
      const read = reader.read(record);
      if ('code' in read) rejected.push(read);
      else {
        sent.push(record);
        documents.push(read);
        indices.add(read.index);
      }
    }
    await templates.ensured(topic, indices);
    const outcomes = [...(await indexer.index(documents, revoked))];
    if (!revoked.aborted) await afterwards?.(documents, outcomes);
    return report(sent, outcomes, rejected);
  }
}

function report(
  sent: readonly KafkaRecord[],
  outcomes: readonly BulkOutcome[],
  rejected: RejectedRecord[],
): WriteReport {
  const retry: KafkaRecord[] = [];
  let written = 0;
  let duplicates = 0;
  let error: Error | undefined;
  for (const [i, outcome] of outcomes.entries()) {
    const record = sent[i]!;
    switch (outcome.kind) {
      case 'written':
        written += 1;
        break;
      case 'duplicate':
        duplicates += 1;
        break;
      case 'permanent':
        rejected.push(refusal(record, outcome));
        break;
      case 'retry':
        retry.push(record);
        error ??= outcome.error;
    }
  }
  if (error === undefined) return { written, duplicates, rejected };
  if (written + duplicates + rejected.length === 0) throw error;
  return { written, duplicates, rejected, retry: { records: retry, error } };
}

/** The size of a document is seen in the record; what a mapping refuses only the store knows. */
function refusal(
  record: KafkaRecord,
  { code, message }: Extract<BulkOutcome, { kind: 'permanent' }>,
): RejectedRecord {
  return { record, code, message, byStore: code !== 'too-large' };
}
