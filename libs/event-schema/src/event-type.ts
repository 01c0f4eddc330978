/** How a field is stored: its column in Hive and its mapping in Elasticsearch follow from it. */
export type FieldType =
  /** One line of text, found by its whole value. */
  | 'text'
  /** As `text`, and found by its words. */
  | 'words'
  /** A text of any length, also of several lines, found by its words. */
  | 'prose'
  /** The text of a URL: of a masked event its origin stays readable. */
  | 'address'
  | 'uuid'
  /** ISO-8601 with a zone. */
  | 'instant'
  /** A network or an address of the Internet Protocol. */
  | 'network'
  /** 0 to 999,999,999. */
  | 'integer'
  /** A whole number of 64 bits: of the lineage and of tables. */
  | 'long'
  /** Nanoseconds since the epoch: a text of digits, since no reader of JSON may round them. */
  | 'nanoseconds'
  /** Any number that a double can hold; kept digit for digit. */
  | 'number'
  | 'boolean'
  /** A flat object: texts, numbers and booleans under names that are not declared, however many there are. */
  | 'properties';

/**
 * The way in for events of a type: `POST /v1/events`, which anybody may use where no key is asked for, or a door that makes its
 * events itself: MQTT of what a device sends, OTLP of what an agent sends. No other way takes them, so nobody can post what a
 * device is said to have done or a server is said to have logged.
 */
export type Ingress = 'http' | 'mqtt' | 'otlp';

/** What the catalogue knows of a field. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  /** Whether an event without it is refused. */
  readonly isRequired?: true;
  /** Most characters of a text. */
  readonly limit?: number;
  /** The closed list of its values. */
  readonly values?: readonly string[];
  /** One phrase for documentation and for the comment of its column. */
  readonly doc?: string;
}

/** An event type as the catalogue has it: plain data, so that a sink that reads it loads no validation. */
export interface EventTypeEntry {
  readonly kind: 'event';
  /** An event is known by its id: the same id on the same topic is the same event. */
  readonly identity: 'event_id';
  /** Also the name of its topic. */
  readonly name: string;
  /** One sentence. */
  readonly doc: string;
  /** Supported schema versions, ascending; the last is what an event without `schema_version` gets. */
  readonly versions: readonly number[];
  /** The record key is the first of these fields that holds a text, else `event_id`. */
  readonly key: readonly string[];
  readonly ingress: Ingress;
  /** As they are stored, in the order of the columns: identity, of the type, of its base classes, of the ingress. */
  readonly fields: readonly Field[];
}

/**
 * A table as the catalogue has it: a topic whose records are changes, written by another program than the collector. The newest
 * record of a key is the row; a record without a value deletes it.
 */
export interface TableEntry {
  readonly kind: 'table';
  /** A row is known by its key, which the record's key and its value name alike. */
  readonly identity: 'key';
  /** Also the name of its topic. */
  readonly name: string;
  /** One sentence: what a row is. */
  readonly doc: string;
  /** The program that writes the topic. */
  readonly origin: string;
  /** The field that names a row. */
  readonly key: string;
  /** As they are stored, in the order of the columns. */
  readonly fields: readonly Field[];
}
