import { type FieldType } from '../event-type.ts';
import { EVENT_TYPES } from '../event-types.ts';

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
  properties: 8,
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
  long: FIELD_KINDS.wholeNumber,
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

/**
 * The fields of all event types, which have a column in Hive and a mapping in Elasticsearch; a name has one kind in all of
 * them. Elasticsearch refuses an object there, and Hive makes of another type what it likes.
 */
export const STORED_FIELDS: ReadonlyMap<string, FieldKind> = new Map(
  EVENT_TYPES.flatMap(({ fields }) =>
    fields.map(({ name, type }): [string, FieldKind] => [name, IDENTITY.get(name) ?? KINDS_OF_TYPES[type]]),
  ),
);

export function isTextKind(kind: FieldKind): boolean {
  return kind >= FIELD_KINDS.text && kind <= FIELD_KINDS.receivedAt;
}

/** Stands for every field that is not stored by itself. */
export const OTHER_FIELD = 0;

/** From 1 on. */
const NUMBERS: ReadonlyMap<string, number> = new Map(
  [...STORED_FIELDS.keys()].map((name, index) => [name, index + 1]),
);

/** A small number for each stored field; {@link OTHER_FIELD} for all others. */
export function fieldNumber(name: string): number {
  return NUMBERS.get(name) ?? OTHER_FIELD;
}

/** By {@link fieldNumber}. */
export const KINDS_BY_NUMBER: Readonly<Uint8Array> = Uint8Array.of(
  FIELD_KINDS.any,
  ...STORED_FIELDS.values(),
);
