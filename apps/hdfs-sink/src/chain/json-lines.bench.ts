import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { LineageAppender } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { jsonLines } from './json-lines.ts';

const EVENTS = 2_500;

const records = Array.from({ length: EVENTS }, (_, n): KafkaRecord => {
  const event = {
    event_id: `01890a5d-ac96-774b-8000-${String(n).padStart(12, '0')}`,
    event_type: 'select-color',
    schema_version: 1,
    user_name: `visitor ${n % 500}`,
    color_name: 'green',
    user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    occurred_at: '2026-11-22T10:00:00.000Z',
    received_at: '2026-11-22T10:00:00.123Z',
  };
  return {
    key: null,
    value: Buffer.from(JSON.stringify(event)),
    offset: n,
    timestamp: 1764000000000,
  };
});
const lineage = new LineageAppender('select-color', 1);
const { body } = jsonLines(records, lineage);
const compress = promisify(gzip);

export const benchmarks = {
  'write records as JSON lines': { events: EVENTS, run: () => jsonLines(records, lineage) },
  'compress JSON lines with gzip': { events: EVENTS, run: () => compress(body) },
};
