import { type KafkaRecord } from '@pipeline/kafka-transport';
import { DocumentReader } from './document-reader.ts';

const EVENTS = 2_500;
const DAY_MS = 24 * 60 * 60 * 1_000;

const records = Array.from({ length: EVENTS }, (_, n): KafkaRecord => {
  const event = {
    event_id: `01890a5d-ac96-474b-8000-${String(n).padStart(12, '0')}`,
    event_type: 'select-color',
    schema_version: 1,
    user_name: 'Ann',
    color_name: 'red',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    occurred_at: '2026-11-22T10:00:00.000Z',
    received_at: '2026-11-22T10:00:01.000Z',
  };
  const value = Buffer.from(JSON.stringify(event));
  return { key: null, value, offset: n, timestamp: Date.parse('2026-11-22T12:00:00.000Z') };
});
const reader = new DocumentReader('select-color', 1, { maxAgeMs: 38 * DAY_MS, maxLeadMs: 10 * DAY_MS });

export const benchmarks = {
  'turn a record into a document': { events: EVENTS, run: () => records.map((each) => reader.read(each)) },
};
