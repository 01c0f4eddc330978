import {
  DecodeError,
  eventLine,
  type EventRecord,
  FieldNotes,
  fieldsOfEvents,
  filedTime,
  LineageAppender,
  namesOfEvents,
  type RepeatedFields,
} from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord } from '@pipeline/sink-runtime';
import { type StoredDocument } from '../elasticsearch/document-store.ts';
import { EventDocument } from './event-document.ts';
import { type EventTimeWindow, IndexName } from './index-name.ts';

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
  private readonly notes: FieldNotes;
  private readonly names: ReturnType<typeof namesOfEvents>;

  constructor(
    topic: string,
    private readonly partition: number,
    window: EventTimeWindow,
  ) {
    this.notes = new FieldNotes(NOTED, fieldsOfEvents(topic));
    this.names = namesOfEvents(topic);
    this.lineage = new LineageAppender(topic, partition);
    this.indexName = new IndexName(topic, window);
  }

  read(record: KafkaRecord): StoredDocument | RejectedRecord {
    const line = eventLine(record.value, this.notes, this.names);
    if (line instanceof DecodeError) return { record, code: line.code, message: line.message };
    const repeated = this.repeatedFields(line);
    const place = this.indexName.of(filedTime(repeated), record.timestamp);
    return new EventDocument(place, repeated.eventId, {
      line,
      offset: String(record.offset),
      partition: this.partition,
      lineage: this.lineage,
    });
  }

  /** Id and times as the event has them; parsed where the notes do not know. */
  private repeatedFields(line: Buffer): RepeatedFields {
    const { notes } = this;
    const eventId = notes.latin1(ID);
    const occurredAt = notes.latin1(OCCURRED_AT);
    if (eventId !== undefined && occurredAt !== undefined && !notes.unsure) {
      return { eventId, occurredAt, occurredAtOriginal: notes.latin1(OCCURRED_AT_ORIGINAL) };
    }
    const event = JSON.parse(line.toString()) as Pick<EventRecord, 'event_id' | 'occurred_at'> & {
      readonly occurred_at_original?: string | null;
    };
    return {
      eventId: event.event_id,
      occurredAt: event.occurred_at,
      occurredAtOriginal: event.occurred_at_original ?? undefined,
    };
  }
}
