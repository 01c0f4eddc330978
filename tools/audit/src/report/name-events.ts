import { DecodeError, jsonLine } from '@pipeline/event-schema';
import { eventIdOf } from '../ledger/event-id.ts';
import { type KafkaLog } from '../sources/kafka-log.ts';
import { type Example, type Finding } from './findings.ts';

/** Adds the event ids to the examples. The ledger keeps only their hashes, so Kafka is read once more if there are any. */
export async function nameEvents(
  findings: readonly Finding[],
  kafka: Pick<KafkaLog, 'read'>,
): Promise<readonly Finding[]> {
  const unnamed = new Map<string, Example[]>();
  for (const example of findings.flatMap(({ examples }) => examples)) {
    const { partition, offset, eventId } = example;
    if (eventId !== undefined || partition === undefined || offset === undefined) continue;
    const key = `${partition}:${offset}`;
    unnamed.set(key, [...(unnamed.get(key) ?? []), example]);
  }
  if (unnamed.size === 0) return findings;
  await kafka.read((partition, { offset, value }) => {
    const examples = unnamed.get(`${partition}:${offset}`);
    if (examples === undefined) return;
    const line = jsonLine(value);
    const eventId = line instanceof DecodeError ? undefined : eventIdOf(line);
    if (eventId !== undefined) for (const example of examples) example.eventId = eventId;
  });
  return findings;
}
