import {
  DecodeError,
  type DecodeReason,
  FieldNotes,
  jsonLine,
  LineageAppender,
  parseInstant,
} from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { EventDocument } from './event-document.ts';
import { type EventTimeWindow, IndexName, isInWindow } from './index-name.ts';

/** Why a record cannot become a document. */
export type ReadFailure = DecodeReason | 'occurred-at-out-of-range';

/** Elasticsearch takes ids up to 512 bytes; printable ASCII keeps a character a byte. */
const DOCUMENT_ID = /^[\x21-\x7e]{1,512}$/;

/** What of an event is noted, and at which index. */
const NOTED = ['event_id', 'occurred_at'];
const ID = 0;
const OCCURRED_AT = 1;

/**
 * Turns the records of one partition into documents: the record's own bytes with its lineage appended. It asks of an
 * event only what a document needs (an id and a time), so that a schema that grows needs no release of this sink, and
 * finds them without parsing the rest.
 */
export class DocumentReader {
  private readonly lineage: LineageAppender;
  private readonly indexName: IndexName;
  private readonly notes = new FieldNotes(NOTED);

  constructor(
    topic: string,
    partition: number,
    private readonly window: EventTimeWindow,
  ) {
    this.lineage = new LineageAppender(topic, partition);
    this.indexName = new IndexName(topic);
  }

  read(record: KafkaRecord): StoredDocument | RejectedRecord {
    const line = jsonLine(record.value, this.notes);
    if (line instanceof DecodeError) return rejected(record, line.reason, line.message);
    const [id, occurredAt] = this.idAndTime(line);
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
    return new EventDocument(this.indexName.of(occurredAtMs), id, {
      line,
      offset: record.offset,
      lineage: this.lineage,
    });
  }

  /** Id and time as the event has them; parsed where the notes do not know. */
  private idAndTime(line: Buffer): readonly [id: unknown, occurredAt: unknown] {
    const { notes } = this;
    const id = notes.latin1(ID);
    const occurredAt = notes.latin1(OCCURRED_AT);
    if (id !== undefined && occurredAt !== undefined && !notes.unsure) return [id, occurredAt];
    const event = JSON.parse(line.toString()) as Readonly<Record<string, unknown>>;
    return [event.event_id, event.occurred_at];
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function rejected(record: KafkaRecord, code: ReadFailure, message: string): RejectedRecord {
  return { record, code, message };
}
