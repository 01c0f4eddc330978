import { type EventRecord } from '../events/stored-event.ts';
import { decodeEvent } from './decode-event.ts';
import { jsonLine } from './json-line.ts';
import { LineageAppender } from './lineage-appender.ts';

const EVENTS = 500;

const events = Array.from({ length: EVENTS }, (_, n): EventRecord => ({
  event_id: `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
  event_type: 'select-color',
  schema_version: 1,
  user_name: `visitor ${n}`,
  color_name: 'green',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  occurred_at: '2026-11-22T10:00:00.000Z',
  received_at: '2026-11-22T10:00:00.123Z',
}));
const texts = events.map((event) => JSON.stringify(event));
const values = texts.map((text) => Buffer.from(text));
const lineage = new LineageAppender('select-color', 1);

export const benchmarks = {
  /** What the others are compared with: it says how fast the machine is. */
  'JSON.parse': { events: EVENTS, run: () => texts.map((text): unknown => JSON.parse(text)) },
  'decode an event': { events: EVENTS, run: () => values.map((value) => decodeEvent(value)) },
  'check that a value is one line of JSON': {
    events: EVENTS,
    run: () => values.map((value) => jsonLine(value)),
  },
  'append the lineage': {
    events: EVENTS,
    run: () => values.map((value, n) => lineage.append(value, String(n))),
  },
};
