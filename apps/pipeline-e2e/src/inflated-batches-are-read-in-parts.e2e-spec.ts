import { eventually, randomTopic, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newTopic, produce, recordsOf, startConsumer } from './support/kafka.ts';

const RECORDS = 400;
const VALUE = 'a'.repeat(300_000);
const ONE_BATCH = { maxBatchBytes: 256 << 20, maxQueueBytes: 512 << 20, timeoutMs: 60_000 };

describe('a batch of a few kilobytes that inflates to 120 MB', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
  });
  afterAll(() => stack?.stop());

  it('is consumed in parts that follow each other, each record once, and read by tools', async () => {
    const member = { topic: await newTopic(stack), groupId: randomTopic('group') };
    const records = Array.from({ length: RECORDS }, (_none, n) => ({ key: null, value: `${n} ${VALUE}` }));
    await produce(stack, member.topic, records, 'zstd', ONE_BATCH);
    const seen: string[] = [];
    let largest = 0;
    const consumer = startConsumer(stack, member, async (batch) => {
      largest = Math.max(largest, batch.bytes);
      for (const { value } of batch.records) seen.push(String(value).split(' ', 1)[0]!);
      await new Promise((later) => setTimeout(later, 20));
    });
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(RECORDS), { timeoutMs: 60_000 });
    expect(seen).toEqual(records.map((_record, n) => String(n)));
    expect(largest).toBeLessThan(9 << 20);
    await consumer.close();
    expect(await recordsOf(stack, member.topic)).toHaveLength(RECORDS);
  });

  it('is consumed like this while others are appended, in whatever compression', async () => {
    const member = { topic: await newTopic(stack), groupId: randomTopic('group') };
    const seen: string[] = [];
    const ranges: bigint[][] = [];
    const consumer = startConsumer(stack, member, async (batch) => {
      ranges.push([batch.startOffset, batch.nextOffset]);
      for (const { value } of batch.records) seen.push(String(value).split(' ', 1)[0]!);
      await new Promise((later) => setTimeout(later, 300));
    });
    let sent = 0;
    for (const [compression, count] of [
      ['zstd', 100],
      ['gzip', 100],
      ['lz4', 100],
      ['snappy', 30],
    ] as const) {
      const records = Array.from({ length: count }, () => ({ key: null, value: `${sent++} ${VALUE}` }));
      await produce(stack, member.topic, records, compression, ONE_BATCH);
    }
    await eventually(() => expect(seen.length).toBeGreaterThanOrEqual(sent), { timeoutMs: 60_000 });
    expect({ ranges, seen }).toMatchObject({ seen: Array.from({ length: sent }, (_none, n) => String(n)) });
    await consumer.close();
  });
});
