import { CATALOGUE } from './catalogue.ts';
import { type EventTypeEntry, type Field, type Ingress, type TableEntry } from './event-type.ts';

type Entry = (typeof CATALOGUE)[number];

export type EventTypeName = Extract<Entry, { kind: 'event' }>['name'];

export type TableName = Extract<Entry, { kind: 'table' }>['name'];

/** Every event type, from its class in `events/`. */
export const EVENT_TYPES: readonly (EventTypeEntry & { readonly name: EventTypeName })[] = CATALOGUE.filter(
  (entry) => entry.kind === 'event',
);

/** Every table, from its class in `events/`. */
export const TABLES: readonly (TableEntry & { readonly name: TableName })[] = CATALOGUE.filter(
  (entry) => entry.kind === 'table',
);

/** Event topics by name: a topic is named after its type. */
export const EVENT_TOPICS: readonly EventTypeName[] = EVENT_TYPES.map(({ name }) => name);

/** The topics of tables, by name. */
export const TABLE_TOPICS: readonly TableName[] = TABLES.map(({ name }) => name);

/** What the sinks store: the topics of events, then those of tables. */
export const STORED_TOPICS: readonly (EventTypeName | TableName)[] = [...EVENT_TOPICS, ...TABLE_TOPICS];

/** The table of a topic; nothing where the topic is one of events. */
export function tableOf(topic: string): TableEntry | undefined {
  return TABLES.find(({ name }) => name === topic);
}

/** The types whose events come in by this way. */
export function topicsOfIngress(ingress: Ingress): EventTypeName[] {
  return EVENT_TYPES.filter((type) => type.ingress === ingress).map(({ name }) => name);
}

/** Where a stored row or document came from, as both stores have it behind the fields of its type. */
export const LINEAGE_FIELDS: readonly Field[] = [
  { name: 'kafka_topic', type: 'text' },
  { name: 'kafka_partition', type: 'integer' },
  { name: 'kafka_offset', type: 'long' },
];

/** What both stores have of a deleted row beside its key and its lineage, and of no other. */
export const DELETED_AT: Field = {
  name: 'kafka_deleted_at',
  type: 'instant',
  doc: 'when the deletion was appended to Kafka; absent in a row that is there',
};
