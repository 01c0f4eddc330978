import { eventually, randomTopic, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { abort, newTopic, produce, recordsOf, startConsumer } from './support/kafka.ts';

/** Together more than a fetch brings of a partition: one of its answers holds nothing else. */
const ABORTED = Array.from({ length: 4 }, () => ({ key: 'mirror', value: 'x'.repeat(700_000) }));
const one = (value: string) => [{ key: null, value }];

describe('a topic with transactions that were aborted', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
  });
  afterAll(() => stack?.stop());

  it('is consumed without them, each record once and in one assignment', async () => {
    const member = { topic: await newTopic(stack), groupId: randomTopic('group') };
    await produce(stack, member.topic, one('before'));
    const seen: string[] = [];
    const ranges: bigint[] = [];
    const consumer = startConsumer(stack, member, ({ records, startOffset, nextOffset }) => {
      seen.push(...records.map(({ value }) => String(value)));
      ranges.push(startOffset, nextOffset);
      return Promise.resolve();
    });
    await eventually(() => expect(seen).toEqual(['before']));
    await abort(stack, member.topic, ABORTED);
    await produce(stack, member.topic, one('after'));
    await eventually(() => expect(seen).toEqual(['before', 'after']));
    // Four records that were aborted, and a marker behind each.
    expect(ranges).toEqual([0n, 1n, 1n, 10n]);
    await consumer.close();
  });

  it('is read to its end, also where nothing else was written', async () => {
    const topic = await newTopic(stack);
    await abort(stack, topic, ABORTED);
    expect(await recordsOf(stack, topic)).toEqual([]);
  });
});
