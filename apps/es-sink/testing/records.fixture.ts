import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RecordRange } from '@pipeline/sink-runtime';
import { documentOf } from './document.fixture.ts';
import { type StoredDocument } from '../src/elasticsearch/document-store.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const APPENDED_AT = Date.parse('2026-11-22T12:00:00.000Z');

export const WINDOW = { maxAgeMs: 38 * DAY_MS, maxLeadMs: 10 * DAY_MS };

/** The JSON of a valid event with some fields changed; `undefined` leaves a field out. */
export function eventJson(fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    event_id: '01932f3e-0000-4000-8000-000000000001',
    event_type: 'select-color',
    schema_version: 1,
    user_name: 'Ann',
    color_name: 'red',
    user_agent: 'spec',
    occurred_at: '2026-11-22T10:00:00.000Z',
    received_at: '2026-11-22T10:00:01.000Z',
    ...fields,
  });
}

export function record(value: Buffer | string | null, fields: Partial<KafkaRecord> = {}): KafkaRecord {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return { key: null, value: bytes, offset: 0, timestamp: APPENDED_AT, ...fields };
}

/** Records of valid events with these ids, at offsets from 0. */
export function recordsOf(...ids: readonly string[]): KafkaRecord[] {
  return ids.map((event_id, i) => record(eventJson({ event_id }), { offset: i }));
}

export function rangeOf(records: readonly KafkaRecord[]): RecordRange {
  return {
    topic: 'select-color',
    partition: 0,
    startOffset: 0n,
    nextOffset: BigInt(records.length),
    records,
  };
}

/** Documents with these ids whose source has `bytes` bytes. */
export function documentsOf(ids: readonly string[], bytes = 2): StoredDocument[] {
  return ids.map((id) => documentOf('i', id, Buffer.alloc(bytes, '{}')));
}

/** A partition that is never lost. */
export function owned(): AbortSignal {
  return new AbortController().signal;
}
