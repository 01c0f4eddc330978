import {
  decodeEvent,
  DecodeError,
  type EventRecord,
  type LatestEvent,
  type SelectColorRecord,
  type StoredEvent,
} from '@pipeline/event-schema';
import { type RecordBatch } from '@pipeline/kafka-transport';
import { type LiveEvent } from '../protocol/live-protocol.ts';

/** The part of a pick that pages may see: no id, no user agent, no visitor, no address. */
export function toLiveEvent(event: LatestEvent): LiveEvent {
  return {
    user_name: event.user_name,
    color_name: event.color_name,
    occurred_at: event.occurred_at,
    received_at: event.received_at,
    kafka_partition: event.kafka_partition,
    kafka_offset: event.kafka_offset,
  };
}

/** The picks of a batch. Records that are no events are left out: the sinks dead-letter them. */
export function picksOf(batch: RecordBatch): StoredEvent<SelectColorRecord>[] {
  return eventsOf(batch).flatMap((event) => (event.event_type === 'select-color' ? event : []));
}

/** When the page views of a batch occurred. */
export function viewTimes(batch: RecordBatch): string[] {
  return eventsOf(batch).flatMap((event) => (event.event_type === 'page-view' ? event.occurred_at : []));
}

function eventsOf({ topic, partition, records }: RecordBatch): StoredEvent[] {
  return records.flatMap(({ value, offset }) => {
    const event: EventRecord | DecodeError = decodeEvent(value);
    if (event instanceof DecodeError) return [];
    return { ...event, kafka_topic: topic, kafka_partition: partition, kafka_offset: Number(offset) };
  });
}
