import { readingId } from './derived-id.ts';
import { instantOf, isNumber, isObject, type ReadingSource, type SaidReading } from './said-reading.ts';
import { isSenml, readSenml } from './senml.ts';

/** Most readings of one payload; a payload of more is refused as a whole. */
export const MAX_READINGS = 1_000;

/** Names of a flat object that are no metrics. */
const NOT_METRICS: ReadonlySet<string> = new Set(['id', 'seq', 'occurred_at', 'ts', 'sent_at']);

/**
 * The events in a payload: a flat object of metrics, an object `{metric, value, unit}`, an array of such objects, a SenML pack
 * (RFC 8428), or a number, which is the metric `value`. What is none of these becomes an event that the contract refuses, with
 * what was sent in it, so one wrong reading spoils no other.
 * @param payload parsed JSON, also with numbers that keep their spelling (`JSON.rawJSON`).
 */
export function readReadings(payload: unknown, source: ReadingSource): object[] {
  const events = eventsOf(payload, source);
  if (events.length <= MAX_READINGS) return events;
  // The contract allows an unknown field fewer values.
  return [{ ...refusedEvent(payload, source), metric: 'sent' }];
}

function eventsOf(payload: unknown, source: ReadingSource): object[] {
  if (isNumber(payload)) return [eventOf({ metric: 'value', value: payload }, source)];
  if (isSenml(payload)) {
    const readings = readSenml(payload, source) ?? [];
    return readings.length > 0
      ? readings.map((reading) => eventOf(reading, source))
      : [refusedEvent(payload, source)];
  }
  if (!Array.isArray(payload)) return eventsOfObject(payload, source);
  if (payload.length === 0) return [refusedEvent(payload, source)];
  return payload.flatMap((object: unknown) => eventsOfObject(object, source));
}

function eventsOfObject(object: unknown, source: ReadingSource): object[] {
  if (!isObject(object)) return [refusedEvent(object, source)];
  if (typeof object['metric'] === 'string') return [eventOf(writtenOut(object), source)];
  const { id, seq, occurred_at: occurredAt, ts, sent_at: sentAt } = object;
  const common = { id, seq, sentAt, occurredAt: occurredAt ?? ts };
  const events: object[] = [];
  for (const [metric, value] of Object.entries(object)) {
    if (value === null || NOT_METRICS.has(metric)) continue;
    events.push(eventOf({ ...common, metric, value }, source));
  }
  return events.length > 0 ? events : [refusedEvent(object, source)];
}

/** A reading in the names of the event; names that the gateway sets are not the device's to say. */
function writtenOut(object: Record<string, unknown>): SaidReading {
  const { metric, value, text_value, unit, id, seq, occurred_at, ts, sent_at, event_id, ...more } = object;
  delete more['event_type'];
  delete more['device_id'];
  return {
    metric: metric as string,
    value: value ?? text_value,
    unit,
    id: id ?? event_id,
    seq,
    occurredAt: occurred_at ?? ts,
    sentAt: sent_at,
    more: value === undefined || value === null || text_value === undefined ? more : { ...more, text_value },
  };
}

function eventOf(reading: SaidReading, { deviceId }: ReadingSource): object {
  const { metric, value, unit, seq, id, place, more } = reading;
  const occurredAt = instantOf(reading.occurredAt);
  const identified = { metric, value, occurredAt };
  return {
    ...more,
    event_id: readingId({ deviceId, id, seq }, identified, place),
    event_type: 'device-reading',
    device_id: deviceId,
    metric,
    ...valueField(value),
    unit: unit ?? undefined,
    seq: seq ?? undefined,
    occurred_at: occurredAt,
    sent_at: instantOf(reading.sentAt),
  };
}

/** Without a value there is no reading; a number of `undefined` would be right. */
function valueField(value: unknown): object {
  if (typeof value === 'string') return { text_value: value };
  return { value: typeof value === 'boolean' ? Number(value) : (value ?? []) };
}

/** What holds no reading: it names no metric, which is why the contract refuses it. */
function refusedEvent(sent: unknown, { deviceId }: ReadingSource): object {
  return { event_type: 'device-reading', device_id: deviceId, sent };
}
