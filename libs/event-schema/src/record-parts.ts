import { type EventRecord } from './stored-event.ts';

/** What a key is made of; which of it an event has depends on its type and on what the visitor allows. */
interface KeyParts {
  readonly event_id: string;
  readonly visitor_id?: string | null | undefined;
  readonly user_name?: unknown;
}

/**
 * The record's key: events of one visitor stay in order, because a key always goes to the same partition. Where
 * nothing names the visitor, the event goes to a partition of its own choice: the same one when it is sent again.
 */
export function recordKey({ visitor_id, user_name, event_id }: KeyParts): string {
  return visitor_id ?? (typeof user_name === 'string' ? user_name : event_id);
}

/** Headers that a consumer may route by without reading the value. */
export function recordHeaders(
  event: Pick<EventRecord, 'event_type' | 'schema_version'>,
): Record<string, string> {
  return { event_type: event.event_type, schema_version: String(event.schema_version) };
}
