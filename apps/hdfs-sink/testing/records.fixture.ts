import { type KafkaRecord, type PartitionAssignment } from '@pipeline/kafka-transport';
import { type RecordRange } from '@pipeline/sink-runtime';

export const TOPIC = 'select-color';
/** 2026-11-22T09:30:00Z */
export const HALF_PAST_NINE = Date.UTC(2026, 10, 22, 9, 30);

/** The least that is an event, with these fields more. */
export function eventJson(fields: string): string {
  return `{"event_id":"a-1","occurred_at":"2026-11-22T09:30:00.000Z",${fields}}`;
}

export interface RecordFacts {
  readonly timestampMs?: number;
  readonly value?: string | Buffer | null;
}

export function recordAt(
  offset: number,
  { timestampMs = HALF_PAST_NINE, value }: RecordFacts = {},
): KafkaRecord {
  const content = value === undefined ? eventJson(`"n":${offset}`) : value;
  return {
    key: Buffer.from('key'),
    value: typeof content === 'string' ? Buffer.from(content) : content,
    offset,
    timestamp: timestampMs,
  };
}

/** Records of the offsets in `[from, until)`. */
export function recordsBetween(from: number, until: number, facts?: RecordFacts): KafkaRecord[] {
  return Array.from({ length: until - from }, (_, index) => recordAt(from + index, facts));
}

export function rangeOf(
  from: number,
  until: number,
  records: readonly KafkaRecord[] = recordsBetween(from, until),
): RecordRange {
  return { topic: TOPIC, partition: 0, startOffset: BigInt(from), nextOffset: BigInt(until), records };
}

/** An assignment that starts where this pipeline committed, unless told otherwise. */
export function assignmentAt(
  committed: number | null,
  committedByPipeline = committed !== null,
): PartitionAssignment {
  return {
    topic: TOPIC,
    partition: 0,
    committedOffset: committed === null ? null : BigInt(committed),
    committedByPipeline,
    shareBytes: 1 << 20,
    draining: new AbortController().signal,
    revoked: new AbortController().signal,
  };
}
