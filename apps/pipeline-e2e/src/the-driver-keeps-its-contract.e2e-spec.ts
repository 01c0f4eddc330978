import { KafkajsGroupConsumer, OffsetReader } from '@pipeline/kafka-driver';
import { describeDriver } from '@pipeline/kafka-driver/testing';
import { createLogger } from '@pipeline/observability';
import { randomTopic, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll } from '@jest/globals';
import { connectionTo, newTopic, produce } from './support/kafka.ts';

const logger = createLogger('spec', 'silent');
let stack: LocalStack;
let offsets: OffsetReader;

beforeAll(async () => {
  stack = await startStack({ servers: ['kafka'] });
  offsets = new OffsetReader(connectionTo(stack), logger);
});
afterAll(async () => {
  await offsets.close();
  await stack?.stop();
});

describeDriver('on a real broker', async () => {
  const topic = await newTopic(stack);
  return {
    topic,
    offsets,
    groupId: randomTopic('group'),
    createConsumer: (...member) => new KafkajsGroupConsumer(connectionTo(stack), logger, ...member),
    append: (values) =>
      produce(
        stack,
        topic,
        values.map((value) => ({ key: null, value })),
      ),
    turn: () => new Promise(setImmediate),
  };
});
