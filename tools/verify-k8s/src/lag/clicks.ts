import { COLORS } from '@pipeline/event-schema';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { randomUUID } from 'node:crypto';

const VISITORS = 500;

/** Clicks as the collector puts them into Kafka; their visitors spread them over all partitions. */
export function clicks(count: number): OutgoingRecord[] {
  const now = new Date().toISOString();
  return Array.from({ length: count }, (_, index) => {
    const visitor = `visitor-${index % VISITORS}`;
    const click = {
      event_id: randomUUID(),
      event_type: 'select-color',
      schema_version: 1,
      user_name: visitor,
      color_name: COLORS[index % COLORS.length],
      user_agent: 'verify-k8s',
      occurred_at: now,
      received_at: now,
      visitor_id: visitor,
    };
    return { key: visitor, value: JSON.stringify(click) };
  });
}
