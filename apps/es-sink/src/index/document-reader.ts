import {
  DecodeError,
  type DecodeReason,
  jsonLine,
  LineageAppender,
  parseInstant,
} from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { type EventTimeWindow, IndexName, isInWindow } from './index-name.ts';

/** Why a record cannot become a document. */
export type ReadFailure = DecodeReason | 'occurred-at-out-of-range';

/**
 * A document a few hundred levels deep overflows the stack of an Elasticsearch write thread, which ends the node
 * (seen with 900 levels on 9.5.3; with `dynamic: runtime` its own depth limit is not asked).
 */
const MAX_DOCUMENT_NESTING = 100;

/** Elasticsearch takes ids up to 512 bytes; printable ASCII keeps a character a byte. */
const DOCUMENT_ID = /^[\x21-\x7e]{1,512}$/;

/**
 * Turns the records of one partition into documents: the record's own bytes with its lineage appended. It asks of an
 * event only what a document needs (an id and a time), so that a schema that grows needs no release of this sink.
 */
export class DocumentReader {
  private readonly lineage: LineageAppender;
  private readonly indexName: IndexName;

  constructor(
    topic: string,
    partition: number,
    private readonly window: EventTimeWindow,
  ) {
    this.lineage = new LineageAppender(topic, partition);
    this.indexName = new IndexName(topic);
  }

  read(record: KafkaRecord): StoredDocument | RejectedRecord {
    const line = jsonLine(record.value);
    if (line instanceof DecodeError) return rejected(record, line.reason, line.message);
    const event = JSON.parse(line.toString()) as Readonly<Record<string, unknown>>;
    if (mayNest(line) && nestsDeeper(event, MAX_DOCUMENT_NESTING)) {
      return rejected(record, 'nested-too-deep', `The event nests deeper than ${MAX_DOCUMENT_NESTING}`);
    }
    const { event_id: id, occurred_at: occurredAt } = event;
    if (isAbsent(id)) return rejected(record, 'missing-field', 'The event has no event_id');
    if (isAbsent(occurredAt)) return rejected(record, 'missing-field', 'The event has no occurred_at');
    if (typeof id !== 'string' || !DOCUMENT_ID.test(id)) {
      return rejected(record, 'invalid-field', 'event_id is not 1 to 512 printable ASCII characters');
    }
    const occurredAtMs = typeof occurredAt === 'string' ? parseInstant(occurredAt) : Number.NaN;
    if (Number.isNaN(occurredAtMs)) {
      return rejected(record, 'invalid-field', 'occurred_at is not an ISO-8601 instant with a zone');
    }
    if (!isInWindow(occurredAtMs, Number(record.timestamp), this.window)) {
      return rejected(
        record,
        'occurred-at-out-of-range',
        'occurred_at is too far from the time of the record',
      );
    }
    return { index: this.indexName.of(occurredAtMs), id, source: this.lineage.append(line, record.offset) };
  }
}

/** Events are flat, and most are known to be after two searches for a byte. */
function mayNest(line: Buffer): boolean {
  return line.includes(0x7b, 1) || line.includes(0x5b);
}

function nestsDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => nestsDeeper(inner, levels - 1));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function rejected(record: KafkaRecord, code: ReadFailure, message: string): RejectedRecord {
  return { record, code, message };
}
