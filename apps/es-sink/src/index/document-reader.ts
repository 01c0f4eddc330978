import {
  DecodeError,
  type DecodeReason,
  FieldNotes,
  filedTime,
  jsonLine,
  LineageAppender,
  parseInstant,
} from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { EventDocument } from './event-document.ts';
import { type EventTimeWindow, IndexName } from './index-name.ts';

/** Why a record cannot become a document. */
export type ReadFailure = DecodeReason;

/** Elasticsearch takes ids up to 512 bytes; printable ASCII keeps a character a byte. */
const DOCUMENT_ID = /^[\x21-\x7e]{1,512}$/;

/** What of an event is noted, and at which index. */
const NOTED = ['event_id', 'occurred_at', 'occurred_at_original'];
const ID = 0;
const OCCURRED_AT = 1;
const OCCURRED_AT_ORIGINAL = 2;

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
    private readonly partition: number,
    window: EventTimeWindow,
  ) {
    this.lineage = new LineageAppender(topic, partition);
    this.indexName = new IndexName(topic, window);
  }

  read(record: KafkaRecord): StoredDocument | RejectedRecord {
    const line = jsonLine(record.value, this.notes);
    if (line instanceof DecodeError) return rejected(record, line.reason, line.message);
    const [id, occurredAt, original] = this.identity(line);
    if (isAbsent(id)) return rejected(record, 'missing-field', 'The event has no event_id');
    if (isAbsent(occurredAt)) return rejected(record, 'missing-field', 'The event has no occurred_at');
    if (typeof id !== 'string' || !DOCUMENT_ID.test(id)) {
      return rejected(record, 'invalid-field', 'event_id is not 1 to 512 printable ASCII characters');
    }
    if (typeof occurredAt !== 'string' || Number.isNaN(parseInstant(occurredAt))) {
      return rejected(record, 'invalid-field', 'occurred_at is not an ISO-8601 instant with a zone');
    }
    const occurredAtOriginal = typeof original === 'string' ? original : undefined;
    const filedMs = filedTime({ eventId: id, occurredAt, occurredAtOriginal });
    const place = this.indexName.of(filedMs, Number(record.timestamp));
    return new EventDocument(place, id, {
      line,
      offset: record.offset,
      partition: this.partition,
      lineage: this.lineage,
    });
  }

  /** Id and times as the event has them; parsed where the notes do not know. */
  private identity(line: Buffer): readonly [id: unknown, occurredAt: unknown, original: unknown] {
    const { notes } = this;
    const id = notes.latin1(ID);
    const occurredAt = notes.latin1(OCCURRED_AT);
    if (id !== undefined && occurredAt !== undefined && !notes.unsure) {
      return [id, occurredAt, notes.latin1(OCCURRED_AT_ORIGINAL)];
    }
    const event = JSON.parse(line.toString()) as Readonly<Record<string, unknown>>;
    return [event.event_id, event.occurred_at, event.occurred_at_original];
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function rejected(record: KafkaRecord, code: ReadFailure, message: string): RejectedRecord {
  return { record, code, message };
}
