import { CATALOGUE } from './catalogue.ts';
import { type EventTypeEntry, type Field, type Ingress } from './event-type.ts';

export type EventTypeName = (typeof CATALOGUE)[number]['name'];

/** Every event type, from its class in `events/`. */
export const EVENT_TYPES: readonly (EventTypeEntry & { readonly name: EventTypeName })[] = CATALOGUE;

/** Event topics by name: a topic is named after its type. */
export const EVENT_TOPICS: readonly EventTypeName[] = EVENT_TYPES.map(({ name }) => name);

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
