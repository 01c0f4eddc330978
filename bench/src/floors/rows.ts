import { LineageAppender } from '@pipeline/event-schema';
import { eventId } from '../load/event-id.ts';
import { StoredEvents } from '../load/stored-event.ts';

const PARTITIONS = 3;

/** What the sinks store for the events `[0, count)`: the event's bytes and its lineage. */
export function* storedRows(topic: string, count: number): Generator<{ id: string; row: Buffer }> {
  const events = new StoredEvents(Date.now());
  const lineage = Array.from({ length: PARTITIONS }, (_, partition) => new LineageAppender(topic, partition));
  for (let n = 0; n < count; n++) {
    const offset = String(Math.floor(n / PARTITIONS));
    yield { id: eventId(n), row: lineage[n % PARTITIONS]!.append(events.value(n), offset) };
  }
}
