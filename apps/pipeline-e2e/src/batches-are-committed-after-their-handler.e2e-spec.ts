import { COMPRESSIONS } from '@pipeline/kafka-transport';
import { eventually, randomTopic, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newTopic, produce, recordsOf, startConsumer } from './support/kafka.ts';

const values = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: null, value: `record ${index}` }));

describe('the transport on a real broker', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
  });
  afterAll(() => stack?.stop());

  it.each(COMPRESSIONS)('produces and consumes records compressed with %s', async (compression) => {
    const topic = await newTopic(stack);
    const large = 'compressible '.repeat(1_000);
    await produce(stack, topic, [...values(100), { key: null, value: large }], compression);
    const read = (await recordsOf(stack, topic)).map(({ value }) => String(value));
    expect(read).toEqual([...values(100).map(({ value }) => value), large]);
  });

  it('delivers a batch again whose handler had not resolved when its consumer went away', async () => {
    const member = { topic: await newTopic(stack), groupId: randomTopic('group') };
    await produce(stack, member.topic, values(10));
    let delivered = 0;
    const hanging = startConsumer(stack, member, (batch) => {
      delivered += batch.records.length;
      return new Promise(() => undefined);
    });
    await eventually(() => expect(delivered).toBe(10));
    await hanging.close();

    const seen: { committed: bigint | null; records: number }[] = [];
    const next = startConsumer(stack, member, (batch, { committedOffset }) => {
      seen.push({ committed: committedOffset, records: batch.records.length });
      return Promise.resolve();
    });
    await eventually(() => expect(seen).toEqual([{ committed: null, records: 10 }]));
    await next.close();
  });

  it('never delivers a batch again whose handler has resolved', async () => {
    const member = { topic: await newTopic(stack), groupId: randomTopic('group') };
    await produce(stack, member.topic, values(10));
    let delivered = 0;
    const first = startConsumer(stack, member, (batch) => {
      delivered += batch.records.length;
      return Promise.resolve();
    });
    await eventually(() => expect(delivered).toBe(10));
    await first.close();

    await produce(stack, member.topic, values(1));
    const seen: { committed: bigint | null; startOffset: bigint }[] = [];
    const next = startConsumer(stack, member, ({ startOffset }, { committedOffset }) => {
      seen.push({ committed: committedOffset, startOffset });
      return Promise.resolve();
    });
    await eventually(() => expect(seen).toEqual([{ committed: 10n, startOffset: 10n }]));
    await next.close();
  });
});
