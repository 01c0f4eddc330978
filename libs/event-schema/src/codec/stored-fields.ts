/** What a field may hold where a store has a separate column for it; null is absence. Texts come first. */
export const FIELD_KINDS = {
  any: 0,
  text: 1,
  eventId: 2,
  occurredAt: 3,
  receivedAt: 4,
  wholeNumber: 5,
  flag: 6,
} as const;

export type FieldKind = (typeof FIELD_KINDS)[keyof typeof FIELD_KINDS];

const TEXTS = [
  ...['event_type', 'user_name', 'color_name', 'user_agent', 'occurred_at_original'],
  ...['page_url', 'referrer', 'visitor_id', 'session_id'],
  ...['client_network', 'bot_reason'],
] as const;

/**
 * The fields that have a column in Hive and a mapping in Elasticsearch, whatever the event's type. Elasticsearch refuses
 * an object there, and Hive makes of another type what it likes.
 */
export const STORED_FIELDS: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ...TEXTS.map((name): [string, FieldKind] => [name, FIELD_KINDS.text]),
  ['event_id', FIELD_KINDS.eventId],
  ['occurred_at', FIELD_KINDS.occurredAt],
  ['received_at', FIELD_KINDS.receivedAt],
  ['schema_version', FIELD_KINDS.wholeNumber],
  ['is_bot', FIELD_KINDS.flag],
]);

export function isTextKind(kind: FieldKind): boolean {
  return kind >= FIELD_KINDS.text && kind <= FIELD_KINDS.receivedAt;
}

/** Whole numbers of so many digits fit an `integer` of both stores. */
export const MAX_WHOLE_DIGITS = 9;

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
