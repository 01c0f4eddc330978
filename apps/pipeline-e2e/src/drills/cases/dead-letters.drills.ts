import assert from 'node:assert/strict';
import { allTopics, deadLetterTopic, type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import { headerEntries, originalHeaders, type RecordHeaders } from '@pipeline/kafka-transport';
import { createTopics, eventually } from '@pipeline/testing';
import { produce, recordsOf } from '../../support/kafka.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';

const noDeadLetterTopic: Drill = {
  name: 'dead-letter-topic-unavailable',
  title:
    'The dead-letter topics are gone while bad records come: their partitions wait and skip nothing, the others go on.',
  async run(context) {
    const letterTopics = SINK_NAMES.map((sink) => deadLetterTopic(TOPIC, sink));
    await context.kafka.deleteTopics(letterTopics);
    context.load(500);
    await context.advance(1_000);
    await context.outlet().sendRecords([{ key: 'poison', value: 'not json at all' }]);
    for (const sink of SINK_NAMES) await onePartitionWaits(context, sink);
    for (const sink of SINK_NAMES) await saysWhatItWaitsFor(context, sink);
    await createTopics(context.stack.kafkaBrokers, allTopics());
    for (const sink of SINK_NAMES) await context.everyPartitionAdvances(sink);
    for (const sink of SINK_NAMES) await isReady(context, sink);
    await context.endLoads();
    await context.caughtUp();
    for (const sink of SINK_NAMES) assert.deepEqual(await letterCodes(context, sink), { 'not-json': 1 });
  },
};

const poisonWithEveryHeader: Drill = {
  name: 'poison-with-every-header',
  title:
    'Poison with repeated, empty, binary and odd headers, as large as a batch and inflated beyond it, among good ones: a dead letter each, with every header.',
  async run(context) {
    context.load(300);
    await context.advance(500);
    const { stack } = context;
    for (const headers of EVERY_HEADER)
      await produce(stack, TOPIC, [{ key: 'poison', value: 'not json', headers }]);
    await produce(stack, TOPIC, [{ key: null, value: `NOT JSON ${'a'.repeat(999_991)}` }]);
    await produce(stack, TOPIC, [{ key: 'poison', value: 'a'.repeat(3 << 20) }], 'zstd');
    await context.advance(500);
    await context.endLoads();
    await context.caughtUp();
    for (const sink of SINK_NAMES) {
      assert.deepEqual(await letterCodes(context, sink), { 'not-json': EVERY_HEADER.length + 2 });
      const letters = await recordsOf(stack, deadLetterTopic(TOPIC, sink));
      const kept = letters.map(({ headers }) =>
        JSON.stringify(headerEntries(originalHeaders(headers ?? {}))),
      );
      for (const headers of EVERY_HEADER)
        assert.ok(kept.includes(JSON.stringify(headerEntries(headers))), `${sink}: ${kept.join(' ')}`);
    }
  },
};

const EVERY_HEADER: readonly RecordHeaders[] = [
  { b3: ['a', 'b'].map((text) => Buffer.from(text)) },
  { empty: null, '': Buffer.from('no name') },
  { binary: [Buffer.from([0xff, 0x00]), null, Buffer.alloc(0)] },
  { ['__proto__']: Buffer.from('p'), constructor: Buffer.from('c') },
  { 'dlq.topic': Buffer.from('elsewhere'), 'dlq.offset': [null, Buffer.from('-1')] },
];

async function saysWhatItWaitsFor(context: DrillContext, sink: SinkName): Promise<void> {
  await eventually(
    async () => {
      const answer = await fetch(`${context.app(sink).url}/readyz`);
      assert.equal(answer.status, 503);
      assert.match(await answer.text(), new RegExp(`held: dlq-.*${deadLetterTopic(TOPIC, sink)}`));
    },
    { timeoutMs: 60_000 },
  );
}

async function isReady(context: DrillContext, sink: SinkName): Promise<void> {
  await eventually(async () => assert.equal((await fetch(`${context.app(sink).url}/readyz`)).status, 200), {
    timeoutMs: 60_000,
  });
}

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

export const deadLetters: readonly Drill[] = [noDeadLetterTopic, poisonWithEveryHeader];
