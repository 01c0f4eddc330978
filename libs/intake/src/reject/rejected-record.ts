import { formatInstant, rejectedTopic } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { newEventId } from '../new-event-id.ts';
import { type Origin } from '../origin.ts';
import { BoundedCopy, maskText } from './mask.ts';
import { type RejectedValue } from './rejected-log.ts';

/** Most characters that are kept of one refused event. */
export const MAX_KEPT_CHARACTERS = 16_384;
/** Most bytes that are kept of what is not JSON: enough to see where it breaks or who sends it. */
export const MAX_KEPT_JSON_BYTES = 1_024;

/** A refused event on its way to Kafka. */
export interface KeptRecord {
  readonly topic: string;
  readonly record: OutgoingRecord;
}

/** Makes records of what was refused. */
export class RejectedRecords {
  constructor(
    /** Event topics of the ingress; what names none of them lies with the first. */
    private readonly topics: readonly string[],
    /** Whether personal texts are masked whatever the origin says. */
    private readonly masksAll: boolean,
  ) {}

  ofEvent({ value, rejection }: RejectedValue, origin: Origin): KeptRecord {
    const isMasking = this.isMasking(origin);
    const copy = new BoundedCopy(MAX_KEPT_CHARACTERS, isMasking);
    const event = withId(copy.of(value), origin.receivedMs);
    const kept = copy.isCut ? { text: JSON.stringify(event).slice(0, MAX_KEPT_CHARACTERS) } : { event };
    const { code, message, path } = rejection;
    return recordOf(this.topicOf(fieldOf(value, 'event_type')), origin, {
      received_at: formatInstant(origin.receivedMs),
      code,
      message,
      path,
      is_masked: isMasking,
      is_cut: copy.isCut,
      ...kept,
    });
  }

  ofMalformed(json: Buffer, origin: Origin): KeptRecord {
    const isMasking = this.isMasking(origin);
    const text = json.toString('utf8', 0, MAX_KEPT_JSON_BYTES);
    return recordOf(this.topicOf(undefined), origin, {
      received_at: formatInstant(origin.receivedMs),
      code: 'malformed-json',
      message: `A body of ${json.length} bytes is not JSON`,
      path: '',
      is_masked: isMasking,
      is_cut: json.length > MAX_KEPT_JSON_BYTES,
      text: isMasking ? maskText(text) : text,
    });
  }

  private topicOf(name: unknown): string {
    return this.topics.find((topic) => topic === name) ?? this.topics[0]!;
  }

  private isMasking({ withheld }: Origin): boolean {
    return this.masksAll || withheld.length > 0;
  }
}

function recordOf(topic: string, { span }: Origin, rejected: RejectedEvent): KeptRecord {
  const headers = { code: rejected.code, traceparent: span.traceparent };
  return { topic: rejectedTopic(topic), record: { key: null, value: JSON.stringify(rejected), headers } };
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
