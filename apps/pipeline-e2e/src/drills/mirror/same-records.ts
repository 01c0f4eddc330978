import { AssertionError } from 'node:assert';
import { type KafkaRecord, type RecordChunk } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/testing';
import { chunksOf } from '../../support/kafka.ts';

/** Characters of a record, in a message. */
const SHOWN = 200;

/** The records of each partition, in order. */
export type Partitions = ReadonlyMap<number, readonly KafkaRecord[]>;

/**
 * Compares what two clusters hold of a topic, offsets aside.
 * @returns how many records that is. @throws AssertionError with the first difference.
 */
export async function assertSameRecords(
  topic: string,
  { here, there }: { readonly here: LocalStack; readonly there: LocalStack },
): Promise<number> {
  const [ours, theirs] = await Promise.all([here, there].map(async (stack) => recordsIn(stack, topic)));
  const difference = firstDifference(ours!, theirs!);
  if (difference !== undefined) throw new AssertionError({ message: `${topic}: ${difference}` });
  return [...ours!.values()].reduce((sum, records) => sum + records.length, 0);
}

async function recordsIn(stack: LocalStack, topic: string): Promise<Partitions> {
  return byPartition(await chunksOf(stack, topic));
}

export function byPartition(chunks: readonly RecordChunk[]): Partitions {
  const partitions = new Map<number, KafkaRecord[]>();
  for (const { partition, records } of chunks) {
    const known = partitions.get(partition) ?? [];
    partitions.set(partition, known);
    for (const record of records) known.push(record);
  }
  return partitions;
}

/**
 * The first place at which the same partitions do not hold the same records in the same order: key, value, headers and
 * time, to the byte. Offsets may differ, nothing else.
 */
export function firstDifference(ours: Partitions, theirs: Partitions): string | undefined {
  for (const partition of new Set([...ours.keys(), ...theirs.keys()])) {
    const [mine = [], other = []] = [ours.get(partition), theirs.get(partition)];
    const place = Array.from(mine).findIndex((record, index) => seen(record) !== seen(other[index]));
    const index = place === -1 ? mine.length : place;
    if (index === mine.length && other.length === mine.length) continue;
    const counts = `${mine.length} and ${other.length} records`;
    const [one, another] = [mine[index], other[index]].map((record) => seen(record).slice(0, SHOWN));
    return `partition ${partition}, record ${index} of ${counts}: ${one} and ${another}`;
  }
  return undefined;
}

function seen(record: KafkaRecord | undefined): string {
  if (record === undefined) return 'none';
  const { key, value, headers = {}, timestamp } = record;
  const named = Object.entries(headers).map(([name, header]) => [name, [header].flat().map(bytes)]);
  return JSON.stringify([timestamp, bytes(key), bytes(value), named]);
}

/** Latin-1 tells any two byte strings apart, and can be read in a message. */
function bytes(part: Buffer | string | null | undefined): string | null {
  return part === null || part === undefined ? null : Buffer.from(part).toString('latin1');
}
