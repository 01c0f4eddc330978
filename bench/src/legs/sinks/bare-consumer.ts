import { join } from 'node:path';
import { GroupProgress } from '../../measure/group-progress.ts';
import { ConsumerProcess } from './consumer-process.ts';
import { type ConsumingContestant } from './sink-contestant.ts';

const GROUP = 'bare-consumer';
const MODULE = join(import.meta.dirname, '../../floors/bare-consumer.js');

/** What reading costs at least: kafkajs, and nothing is stored. */
export const bareConsumer: ConsumingContestant = {
  name: 'kafkajs eachBatch, drops all',
  kind: 'floor',
  guarantee: 'stores nothing',
  start({ stack, topic }) {
    const progress = new GroupProgress(stack, GROUP, topic);
    const consumer = new ConsumerProcess({
      command: process.execPath,
      args: [MODULE, stack.kafkaBrokers.join(), topic, GROUP],
      environment: { KAFKAJS_NO_PARTITIONER_WARNING: '1' },
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
