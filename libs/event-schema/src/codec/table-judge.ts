import { isUtf8 } from 'node:buffer';
import { DELETED_AT, tableOf } from '../event-types.ts';
import { type TableEntry } from '../event-type.ts';
import { formatInstant } from '../instant.ts';
import { HALF_PAIR } from '../store-rules.ts';
import { DecodeError } from './decode-error.ts';
import { eventLine, namesOfEvents } from './event-line.ts';
import { FieldNotes } from './field-notes.ts';
import { jsonLine } from './json-line.ts';
import { identity } from './json-syntax.ts';
import { NameJudge } from './name-judge.ts';
import { fieldsOfTable, isTextKind } from '../stored-fields.ts';

const OPEN_OBJECT = 0x7b;
const QUOTE = 0x22;

/** Elasticsearch takes ids up to so many bytes. */
const LONGEST_ID = 512;

/** What a record of a topic is made of, as far as its line depends on it. */
export interface StorableRecord {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** Append time, milliseconds since the epoch. */
  readonly timestamp: number;
}

/** A record of a table: a row as it is from now on, or that it is gone. */
export interface TableChange {
  /** The text of its key: 1 to 512 bytes of UTF-8. */
  readonly id: string;
  /** One JSON object: the record's own bytes; of a deletion its key and when it was appended. */
  readonly line: Buffer;
  readonly isDeletion: boolean;
}

/** The key of a record: its text, and how JSON spells it. */
interface RowKey {
  readonly id: string;
  readonly json: string;
}

/**
 * Judges the records of one table, by the rules that events are judged by, its own fields and its key.
 *
 * The key of a record is a JSON object with the key field alone (`{"id":1}`, as Kafka Connect and Flink write it), a JSON string,
 * or plain text. The id of a row is the text of that field: of a string its characters, of a number its digits as they
 * are spelt. The value must hold the same.
 */
export class TableJudge {
  private readonly names: NameJudge;
  private readonly notes: FieldNotes;
  private readonly isTextKey: boolean;
  private readonly field: string;
  /** Bytes of what a deletion's line has beside the text of its key. */
  private readonly frameBytes: number;

  constructor(table: TableEntry) {
    const fields = fieldsOfTable(table);
    this.field = table.key;
    this.names = new NameJudge(fields);
    this.notes = new FieldNotes([table.key], fields, true);
    this.isTextKey = isTextKind(fields.kinds.get(table.key)!);
    this.frameBytes = this.deletion('""', 0).length;
  }

  read({ key, value, timestamp }: StorableRecord): TableChange | DecodeError {
    const row = this.keyOf(key);
    if (row instanceof DecodeError) return row;
    if (value === null) return { id: row.id, line: this.deletion(row.json, timestamp), isDeletion: true };
    const line = jsonLine(value, this.notes, this.names);
    if (line instanceof DecodeError) return line;
    if (identity.hasWrongInstant)
      return new DecodeError('invalid-field', 'An instant of the row is not ISO-8601 with a zone');
    const there = this.noted(value);
    if (there === undefined) return this.missing('The row');
    if (there.id !== row.id) return this.invalid(`The row's ${this.field} is not that of the record's key`);
    return { id: row.id, line, isDeletion: false };
  }

  /** No line of this record is longer. */
  longestLine({ key, value }: StorableRecord): number {
    // JSON spells a byte with at most six.
    return value?.length ?? this.frameBytes + 6 * Math.min(key?.length ?? 0, LONGEST_ID);
  }

  private keyOf(key: Buffer | null): RowKey | DecodeError {
    if (key === null || key.length === 0) return this.missing('The record’s key');
    const object = key[0] === OPEN_OBJECT ? key : this.asObject(key);
    if (object === undefined) return this.invalid(`The record's key is not UTF-8`);
    if (jsonLine(object, this.notes, this.names) instanceof DecodeError)
      return this.invalid(`The record's key holds no ${this.field}`);
    const row = this.noted(object);
    if (row === undefined) return this.missing('The record’s key');
    if (Object.keys(JSON.parse(object.toString()) as object).length > 1)
      return this.invalid(`The record's key has other fields than ${this.field}`);
    const bytes = Buffer.byteLength(row.id);
    if (bytes === 0 || bytes > LONGEST_ID || HALF_PAIR.test(row.id))
      return this.invalid(`${this.field} is not 1 to ${LONGEST_ID} bytes of UTF-8`);
    return row;
  }

  /** A key that is a text or a number, as the object that others write. */
  private asObject(key: Buffer): Buffer | undefined {
    if (!isUtf8(key)) return undefined;
    const text = key.toString();
    const isJson = !this.isTextKey || (key[0] === QUOTE && isJsonString(text));
    return Buffer.from(`{${JSON.stringify(this.field)}:${isJson ? text : JSON.stringify(text)}}`);
  }

  /** The key field of the object that was judged last. */
  private noted(bytes: Buffer): RowKey | undefined {
    const start = this.notes.startOf(0);
    if (start < 0) return undefined;
    const text = bytes.toString('utf8', start, this.notes.endOf(0));
    if (bytes[start - 1] !== QUOTE) return text === 'null' ? undefined : { id: text, json: text };
    return { id: text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text, json: `"${text}"` };
  }

  private deletion(json: string, timestamp: number): Buffer {
    const at = formatInstant(timestamp);
    return Buffer.from(`{${JSON.stringify(this.field)}:${json},"${DELETED_AT.name}":"${at}"}`);
  }

  private missing(what: string): DecodeError {
    return new DecodeError('missing-field', `${what} has no ${this.field}`, { field: this.field });
  }

  private invalid(message: string): DecodeError {
    return new DecodeError('invalid-field', message, { field: this.field });
  }
}

function isJsonString(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'string';
  } catch {
    return false;
  }
}

/** Turns the records of a topic into the lines that both stores keep. */
export interface RecordLines {
  of(record: StorableRecord): Buffer | DecodeError;
  /** No line of this record has more bytes. */
  longest(record: StorableRecord): number;
}

/** By the kind of the topic. One for each partition or reader. */
export function linesOf(topic: string): RecordLines {
  const table = tableOf(topic);
  if (table === undefined) {
    const names = namesOfEvents(topic);
    return {
      of: ({ value }) => eventLine(value, undefined, names),
      longest: ({ value }) => value?.length ?? 0,
    };
  }
  const judge = new TableJudge(table);
  return {
    of: (record) => {
      const change = judge.read(record);
      return change instanceof DecodeError ? change : change.line;
    },
    longest: (record) => judge.longestLine(record),
  };
}
