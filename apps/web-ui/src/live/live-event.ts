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
    ...(event.is_bot === true && { is_bot: true }),
  };
}

export function picksOf(events: readonly StoredEvent[]): StoredEvent<SelectColorRecord>[] {
  return events.flatMap((event) => (event.event_type === 'select-color' ? event : []));
}

/** When a page view occurred, and whether the collector took its sender for a bot. */
export type PageViewed = Pick<LiveEvent, 'occurred_at' | 'is_bot'>;

export function viewsOf(events: readonly StoredEvent[]): PageViewed[] {
  return events.flatMap(({ event_type, occurred_at, is_bot }) =>
    event_type === 'page-view' ? { occurred_at, ...(is_bot === true && { is_bot: true }) } : [],
  );
}

/** The events of a batch. Records that are none are left out: the sinks dead-letter them. */
export function eventsOf({ topic, partition, records }: RecordBatch): StoredEvent[] {
  return records.flatMap(({ value, offset }) => {
    const event: EventRecord | DecodeError = decodeEvent(value);
    if (event instanceof DecodeError) return [];
    return { ...event, kafka_topic: topic, kafka_partition: partition, kafka_offset: Number(offset) };
  });
}
