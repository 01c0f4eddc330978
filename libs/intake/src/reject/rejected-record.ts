import { isEventTopic, rejectedTopic, TOPICS } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { newEventId } from '../accept/new-event-id.ts';
import { BoundedCopy, maskText } from './mask.ts';
import { type Arrival, type RejectedValue } from './rejected-log.ts';

/** Most characters that are kept of one refused event. */
export const MAX_KEPT_CHARACTERS = 16_384;
/** Most bytes that are kept of a body that is not JSON: enough to see where it breaks or who sends it. */
export const MAX_KEPT_BODY_BYTES = 1_024;

/** A refused event on its way to Kafka. */
export interface RejectedRecord {
  readonly topic: string;
  readonly record: OutgoingRecord;
}

export function rejectedRecord(
  { value, rejection }: RejectedValue,
  arrival: Arrival,
  masksAll: boolean,
): RejectedRecord {
  const isMasking = masksAll || arrival.refusesTracking;
  const copy = new BoundedCopy(MAX_KEPT_CHARACTERS, isMasking);
  const event = withId(copy.of(value), arrival.receivedMs);
  const kept = copy.isCut ? { text: JSON.stringify(event).slice(0, MAX_KEPT_CHARACTERS) } : { event };
  const { code, message, path } = rejection;
  return recordOf(topicOf(value), arrival, {
    received_at: arrival.receivedAt,
    code,
    message,
    path,
    is_masked: isMasking,
    is_cut: copy.isCut,
    ...kept,
  });
}

export function malformedRecord(body: Buffer, arrival: Arrival, masksAll: boolean): RejectedRecord {
  const isMasking = masksAll || arrival.refusesTracking;
  const text = body.toString('utf8', 0, MAX_KEPT_BODY_BYTES);
  return recordOf(rejectedTopic(TOPICS.selectColor.name), arrival, {
    received_at: arrival.receivedAt,
    code: 'malformed-json',
    message: `A body of ${body.length} bytes is not JSON`,
    path: '',
    is_masked: isMasking,
    is_cut: body.length > MAX_KEPT_BODY_BYTES,
    text: isMasking ? maskText(text) : text,
  });
}

function recordOf(topic: string, { traceparent }: Arrival, rejected: RejectedEvent): RejectedRecord {
  const { code } = rejected;
  return { topic, record: { key: null, value: JSON.stringify(rejected), headers: { code, traceparent } } };
}

/** What names no known type lies with the events of the first type. */
function topicOf(value: unknown): string {
  const name = fieldOf(value, 'event_type');
  return rejectedTopic(isEventTopic(name) ? name : TOPICS.selectColor.name);
}

function withId(event: unknown, receivedMs: number): unknown {
  const isObject = typeof event === 'object' && event !== null && !Array.isArray(event);
  if (!isObject || (fieldOf(event, 'event_id') ?? null) !== null) return event;
  return { ...event, event_id: newEventId(receivedMs) };
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Record<string, unknown>)[name];
}
