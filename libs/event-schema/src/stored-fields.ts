import { type Field, type FieldType, type TableEntry } from './event-type.ts';
import { EVENT_TYPES } from './event-types.ts';

/** What a field may hold where a store has a separate column for it; null is absence. Texts come first. */
export const FIELD_KINDS = {
  any: 0,
  text: 1,
  eventId: 2,
  occurredAt: 3,
  receivedAt: 4,
  wholeNumber: 5,
  flag: 6,
  number: 7,
  long: 8,
  properties: 9,
} as const;

export type FieldKind = (typeof FIELD_KINDS)[keyof typeof FIELD_KINDS];

const KINDS_OF_TYPES: Readonly<Record<FieldType, FieldKind>> = {
  text: FIELD_KINDS.text,
  words: FIELD_KINDS.text,
  prose: FIELD_KINDS.text,
  address: FIELD_KINDS.text,
  uuid: FIELD_KINDS.text,
  network: FIELD_KINDS.text,
  instant: FIELD_KINDS.text,
  nanoseconds: FIELD_KINDS.text,
  integer: FIELD_KINDS.wholeNumber,
  long: FIELD_KINDS.long,
  number: FIELD_KINDS.number,
  boolean: FIELD_KINDS.flag,
  properties: FIELD_KINDS.properties,
};

/** Texts by which both stores know and date an event: they are judged whole. */
const IDENTITY: ReadonlyMap<string, FieldKind> = new Map([
  ['event_id', FIELD_KINDS.eventId],
  ['occurred_at', FIELD_KINDS.occurredAt],
  ['received_at', FIELD_KINDS.receivedAt],
]);

export function isTextKind(kind: FieldKind): boolean {
  return kind >= FIELD_KINDS.text && kind <= FIELD_KINDS.receivedAt;
}

/** Stands for every field that is not stored by itself. */
export const OTHER_FIELD = 0;

/** Fields that have a column in Hive and a mapping in Elasticsearch, each with a small number. */
export class StoredFields {
  /** By {@link numberOf}. */
  readonly kindsByNumber: Readonly<Uint8Array>;
  private readonly numbers: ReadonlyMap<string, number>;

  constructor(readonly kinds: ReadonlyMap<string, FieldKind>) {
    this.kindsByNumber = Uint8Array.of(FIELD_KINDS.any, ...kinds.values());
    this.numbers = new Map([...kinds.keys()].map((name, index) => [name, index + 1]));
  }

  /** From 1 on; {@link OTHER_FIELD} for a name that is none of them. */
  numberOf(name: string): number {
    return this.numbers.get(name) ?? OTHER_FIELD;
  }
}

const kindOfField = ({ name, type }: Field): FieldKind => IDENTITY.get(name) ?? KINDS_OF_TYPES[type];

/** The fields of all event types; a name has one kind in all of them, so that a search over several topics finds it. */
export const STORED_FIELDS: ReadonlyMap<string, FieldKind> = new Map(
  EVENT_TYPES.flatMap(({ fields }) => fields.map((field) => [field.name, kindOfField(field)])),
);

const [firstType, ...otherTypes] = EVENT_TYPES;

/** The fields that an event of any type has. */
export const EVENT_FIELDS = new StoredFields(
  new Map(
    firstType!.fields
      .filter(({ name }) => otherTypes.every(({ fields }) => fields.some((field) => field.name === name)))
      .map((field) => [field.name, kindOfField(field)]),
  ),
);

const FIELDS_OF_TYPES: ReadonlyMap<string, StoredFields> = new Map(
  EVENT_TYPES.map(({ name, fields }) => [
    name,
    new StoredFields(new Map(fields.map((field) => [field.name, kindOfField(field)]))),
  ]),
);

/**
 * The fields of the events of a topic. Elasticsearch refuses an object there, and Hive makes of another type what it likes; what only
 * another topic has a column for is a field like any other here.
 */
export function fieldsOfEvents(topic: string): StoredFields {
  return FIELDS_OF_TYPES.get(topic) ?? EVENT_FIELDS;
}

/** The fields of a table, which are its own: a name may have another kind than in events. Its instants are judged whole. */
export function fieldsOfTable({ fields }: TableEntry): StoredFields {
  const kindOf = ({ type }: Field) => (type === 'instant' ? FIELD_KINDS.receivedAt : KINDS_OF_TYPES[type]);
  return new StoredFields(new Map(fields.map((field) => [field.name, kindOf(field)])));
}
