import { COLORS, formatInstant } from '@pipeline/event-schema';
import { eventId, numberOffsets, writeNumber } from './event-id.ts';

/** Of each value. */
export const EVENT_BYTES = 260;

const VISITORS = 500;

/** Headers of every record, as the collector writes them. */
export const EVENT_HEADERS = {
  event_type: 'select-color',
  schema_version: '1',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};

/** Events as the collector puts them into Kafka, numbered, all of one size and of one moment. */
export class StoredEvents {
  private readonly visitors: readonly Visitor[];

  constructor(atMs: number) {
    const at = formatInstant(atMs);
    this.visitors = Array.from({ length: VISITORS }, (_, visitor) => new Visitor(visitor, at));
  }

  /** Equal for the events of one visitor. */
  key(n: number): string {
    return this.visitorOf(n).key;
  }

  /** Bytes of its own. */
  value(n: number): Buffer {
    return this.visitorOf(n).value(n);
  }

  private visitorOf(n: number): Visitor {
    return this.visitors[n % VISITORS]!;
  }
}

class Visitor {
  readonly key: string;
  private readonly template: Buffer;
  private readonly numberAt: number;

  constructor(visitor: number, at: string) {
    this.key = `visitor ${visitor}`;
    const event = {
      event_id: eventId(0),
      event_type: 'select-color',
      schema_version: 1,
      user_name: this.key,
      color_name: COLORS[visitor % COLORS.length],
      occurred_at: at,
      user_agent: '',
      received_at: at,
    };
    const missing = EVENT_BYTES - JSON.stringify(event).length;
    this.template = Buffer.from(JSON.stringify({ ...event, user_agent: 'Mozilla/5.0'.padEnd(missing, '.') }));
    [this.numberAt = 0] = numberOffsets(this.template);
  }

  value(n: number): Buffer {
    const copy = Buffer.from(this.template);
    writeNumber(copy, this.numberAt, n);
    return copy;
  }
}
