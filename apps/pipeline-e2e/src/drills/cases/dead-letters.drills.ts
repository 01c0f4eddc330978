import assert from 'node:assert/strict';
import { deadLetterTopic } from '@pipeline/event-schema';
import { createTopics, eventually } from '@pipeline/testing';
import { TOPIC, topicsWith } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { SINKS, type DrillContext, type SinkName } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';

const noDeadLetterTopic: Drill = {
  name: 'dead-letter-topic-unavailable',
  title:
    'The dead-letter topics are gone while bad records come: their partitions wait and skip nothing, the others go on.',
  async run(context) {
    const letterTopics = SINKS.map((sink) => deadLetterTopic(TOPIC, sink));
    await context.kafka.deleteTopics(letterTopics);
    context.load(500);
    await context.advance(1_000);
    await context.outlet().sendRecords([{ key: 'poison', value: 'not json at all' }]);
    for (const sink of SINKS) await onePartitionWaits(context, sink);
    await createTopics(context.stack.kafkaBrokers, topicsWith({}));
    for (const sink of SINKS) await context.everyPartitionAdvances(sink);
    await context.endLoads();
    await context.caughtUp();
    for (const sink of SINKS) assert.deepEqual(await letterCodes(context, sink), { 'not-json': 1 });
  },
};

/** Resolves when a group stands still in exactly one partition while each of the others has gone on by so much. */
async function onePartitionWaits(context: DrillContext, sink: SinkName): Promise<void> {
  const goneOn = 1_000n;
  await eventually(
    async () => {
      const before = await context.positions(sink);
      await eventually(
        async () => {
          const now = await context.positions(sink);
          const steps = now.map(
            ({ committedOffset = 0n }, index) => committedOffset - (before[index]?.committedOffset ?? 0n),
          );
          assert.equal(
            steps.filter((step) => step >= goneOn).length,
            now.length - 1,
            `${sink}: steps ${steps.join(' ')}`,
          );
          assert.equal(steps.filter((step) => step === 0n).length, 1, `${sink}: steps ${steps.join(' ')}`);
        },
        { timeoutMs: 15_000, intervalMs: 200 },
      );
    },
    { timeoutMs: 90_000 },
  );
}

export const deadLetters: readonly Drill[] = [noDeadLetterTopic];
