import { join } from 'node:path';
import { type LocalStack } from '@pipeline/local-stack';
import { type ProgramCommand } from '../../contestant.ts';
import { GroupProgress } from '../../measure/group-progress.ts';
import { ConsumerProcess } from './consumer-process.ts';
import { type ConsumingContestant } from './sink-contestant.ts';

const GROUP = 'bare-consumer';
const MODULE = join(import.meta.dirname, '../../floors/bare-consumer.js');

/** Reads the topic as the only member of its group. */
export function bareConsumerCommand(stack: LocalStack, topic: string): ProgramCommand {
  return {
    command: process.execPath,
    args: [MODULE, stack.kafkaBrokers.join(), topic, GROUP],
    environment: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
  };
}

/** What reading costs at least: kafkajs, and nothing is stored. */
export const bareConsumer: ConsumingContestant = {
  name: 'kafkajs eachBatch, drops all',
  kind: 'floor',
  guarantee: 'stores nothing',
  start({ stack, topic }) {
    const progress = new GroupProgress(stack, GROUP, topic);
    const consumer = new ConsumerProcess({
      ...bareConsumerCommand(stack, topic),
      stored: () => progress.committed(),
      close: () => progress.close(),
    });
    return Promise.resolve(consumer);
  },
  async verify({ stack, topic }, count) {
    const progress = new GroupProgress(stack, GROUP, topic);
    const committed = await progress.committed();
    await progress.close();
    return committed === count ? undefined : `read ${committed} of ${count} events`;
  },
};
