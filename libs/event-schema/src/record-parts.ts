import { type EventRecord } from './stored-event.ts';

/** The record's key: events of one visitor stay in order, because a key always goes to the same partition. */
export function recordKey({ visitor_id, user_name }: Pick<EventRecord, 'visitor_id' | 'user_name'>): string {
  return visitor_id ?? user_name;
}

/** Headers that a consumer may route by without reading the value. */
export function recordHeaders(
  event: Pick<EventRecord, 'event_type' | 'schema_version'>,
): Record<string, string> {
  return { event_type: event.event_type, schema_version: String(event.schema_version) };
}
