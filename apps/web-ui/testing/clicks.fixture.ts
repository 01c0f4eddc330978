import { randomUUID } from 'node:crypto';
import { type Color, type SelectColorRecord, type StoredEvent, TOPICS } from '@pipeline/event-schema';
import { type RecordBatch } from '@pipeline/kafka-transport';
import { toLiveEvent } from '../src/live/live-event.ts';
import { type LiveEvent } from '../src/protocol/live-protocol.ts';

let offset = 0;

type StoredPick = StoredEvent<SelectColorRecord>;

export function storedEvent(change: Partial<StoredPick> = {}): StoredPick {
  const now = new Date().toISOString();
  return {
    event_id: randomUUID(),
    event_type: 'select-color',
    schema_version: 1,
    user_name: 'Minji',
    color_name: 'blue',
    user_agent: 'Mozilla/5.0 (secret)',
    occurred_at: now,
    received_at: now,
    visitor_id: 'secret-visitor',
    kafka_topic: TOPICS.selectColor.name,
    kafka_partition: 0,
    kafka_offset: offset++,
    ...change,
  };
}

export function click(color: Color = 'blue', change: Partial<StoredPick> = {}): LiveEvent {
  return toLiveEvent(storedEvent({ color_name: color, ...change }));
}

/** A batch of partition 1 with these values, from offset 40 on. */
export function batchOf(values: readonly (Buffer | string | null)[]): RecordBatch {
  const records = values.map((value, index) => ({
    key: null,
    value: typeof value === 'string' ? Buffer.from(value) : value,
    offset: 40 + index,
    timestamp: Date.now(),
  }));
  const nextOffset = 40n + BigInt(records.length);
  return {
    topic: TOPICS.selectColor.name,
    partition: 1,
    count: records.length,
    records,
    startOffset: 40n,
    nextOffset,
    bytes: 0,
    heldBytes: 0,
    release: () => undefined,
    highWatermark: nextOffset,
  };
}
