import { parseInstant } from './instant.ts';

/** `occurred_at_original` of an event that brought an id of its own and no time: a repetition will bring none either. */
export const NO_TIME_SENT = '';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The milliseconds since the epoch in an id of version 7; nothing for any other id. Source: RFC 9562 §5.7. */
export function timeOfId(eventId: string): number | undefined {
  return UUID_V7.test(eventId) ? Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16) : undefined;
}

/** What an event says of itself that a repetition says again. */
export interface RepeatedFields {
  readonly eventId: string;
  readonly occurredAt: string;
  /** What the page sent, where `occurredAt` is not that. */
  readonly occurredAtOriginal: string | undefined;
}

/**
 * The time by which an event is filed: that of its id, else the one that was sent. It is the same for each copy of an
 * event, whichever collector took it and whenever.
 * @returns undefined where there is none.
 */
export function filedTime({ eventId, occurredAt, occurredAtOriginal }: RepeatedFields): number | undefined {
  const ofId = timeOfId(eventId);
  if (ofId !== undefined) return ofId;
  const sent = parseInstant(occurredAtOriginal ?? occurredAt);
  return Number.isNaN(sent) ? undefined : sent;
}

/** When and where a copy of an event came in. */
export interface Receipt {
  /** As it is stored, ISO-8601 UTC with milliseconds; empty where a record has none. */
  readonly receivedAt: string;
  readonly partition: number;
  readonly offset: number;
}

/**
 * The order of the copies of one event: by `received_at`, then `kafka_partition`, then `kafka_offset`. The first copy is
 * what both stores, the Hive view and the audit take for the event. Negative where `a` comes first.
 */
export function compareReceipts(a: Receipt, b: Receipt): number {
  if (a.receivedAt !== b.receivedAt) return a.receivedAt < b.receivedAt ? -1 : 1;
  return a.partition - b.partition || a.offset - b.offset;
}
