import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type KafkaLog } from '../sources/kafka-log.ts';
import { type Example, type Finding } from './findings.ts';

/** Adds the event ids, of a table the keys, to the examples. The ledger keeps only their hashes, so Kafka is read once more if there are any. */
export async function nameEvents(
  findings: readonly Finding[],
  kafka: Pick<KafkaLog, 'read'>,
  idOf: (record: KafkaRecord) => string | undefined,
): Promise<readonly Finding[]> {
  const unnamed = new Map<string, Example[]>();
  for (const example of findings.flatMap(({ examples }) => examples)) {
    const { partition, offset, eventId } = example;
    if (eventId !== undefined || partition === undefined || offset === undefined) continue;
    const key = `${partition}:${offset}`;
    unnamed.set(key, [...(unnamed.get(key) ?? []), example]);
  }
  if (unnamed.size === 0) return findings;
  await kafka.read((partition, record) => {
    const examples = unnamed.get(`${partition}:${record.offset}`);
    if (examples === undefined) return;
    const eventId = idOf(record);
    if (eventId !== undefined) for (const example of examples) example.eventId = eventId;
  });
  return findings;
}
