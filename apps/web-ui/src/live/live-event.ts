import { decodeEvent, DecodeError, type StoredEvent } from '@pipeline/event-schema';
import { type KafkaRecord, type RecordBatch } from '@pipeline/kafka-transport';
import { type LiveEvent } from './live-protocol.ts';

/** The part of an event that pages may see: no user agent, no visitor, no address. */
export function toLiveEvent(event: StoredEvent): LiveEvent {
  return {
    event_id: event.event_id,
    user_name: event.user_name,
    color_name: event.color_name,
    occurred_at: event.occurred_at,
    received_at: event.received_at,
    kafka_partition: event.kafka_partition,
    kafka_offset: event.kafka_offset,
  };
}

/** The clicks of a batch. Records that are no events are left out: the sinks dead-letter them. */
export function liveEvents({ topic, partition, records }: RecordBatch): LiveEvent[] {
  return records.flatMap((record) => decode(record, { topic, partition }));
}

function decode({ value, offset }: KafkaRecord, at: { topic: string; partition: number }): LiveEvent[] {
  const event = decodeEvent(value);
  if (event instanceof DecodeError) return [];
  const lineage = { kafka_topic: at.topic, kafka_partition: at.partition, kafka_offset: Number(offset) };
  return [toLiveEvent({ ...event, ...lineage })];
}
