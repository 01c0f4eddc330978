import { COMPRESSIONS, type KafkaRecord, type OutgoingRecord } from '@pipeline/kafka-transport';
import { createTopics, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SeededRandom } from './drills/load/seeded-random.ts';
import { produce, recordsOf, topicOfOneTest } from './support/kafka.ts';

const CHARACTERS = ['a', '"', '\n', '\u0000', 'é', '별', '🎨'] as const;
const LENGTHS = [0, 1, 36, 63, 64, 128, 1_000, 9_000, 70_000] as const;

function randomRecords(random: SeededRandom, count: number): OutgoingRecord[] {
  const text = () => random.pick(CHARACTERS).repeat(random.pick(LENGTHS));
  const part = () => (random.chance(0.1) ? null : random.chance(0.3) ? Buffer.from(text()) : text());
  let headers: Record<string, string | Buffer> = {};
  return Array.from({ length: count }, () => {
    if (random.chance(0.3)) headers = { name: text().slice(0, 1_000), bytes: Buffer.from([0, 255]) };
    return { key: part(), value: part(), headers };
  });
}

/** As text: two texts are compared at once, two buffers byte by byte. */
function comparable({
  key,
  value,
  headers = {},
}: OutgoingRecord | Pick<KafkaRecord, 'key' | 'value' | 'headers'>): string {
  const encoded = (part: string | Buffer | null | undefined) =>
    part === null || part === undefined ? null : Buffer.from(part).toString('base64');
  const entries = Object.entries(headers).map(([name, bytes]) => [name, encoded(bytes as string | Buffer)]);
  return JSON.stringify([encoded(key), encoded(value), entries]);
}

describe('a record', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
  });
  afterAll(() => stack?.stop());

  it.each(COMPRESSIONS)(
    'of any kind is taken by the broker with %s, and arrives as it was sent',
    async (compression) => {
      const definition = topicOfOneTest();
      await createTopics(stack.kafkaBrokers, [definition]);
      const records = randomRecords(new SeededRandom(20_261_128), 600);
      await produce(stack, definition.name, records, compression);
      const read = await recordsOf(stack, definition.name);
      expect(read.map(comparable)).toEqual(records.map(comparable));
    },
  );
});
