import { type Rejection } from '@pipeline/event-schema/contract';

/** One event's part of the answer, as JSON. Ids are UUIDs, so they need no escaping. */
export function acceptedResult(eventId: string): string {
  return `{"event_id":"${eventId}","status":"accepted"}`;
}

export function duplicateResult(eventId: string): string {
  return `{"event_id":"${eventId}","status":"duplicate"}`;
}

const UUID_LENGTH = 36;

/** `event_id` is what the event said, where that was a text of a UUID's length, else null. */
export function rejectedResult(value: unknown, { code, message, path }: Rejection): string {
  const id =
    typeof value === 'object' && value !== null ? (value as { event_id?: unknown }).event_id : undefined;
  const event_id = typeof id === 'string' && id.length === UUID_LENGTH ? id : null;
  return JSON.stringify({ event_id, status: 'rejected', code, message, path });
}
