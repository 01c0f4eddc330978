import assert from 'node:assert/strict';
import { allTopics, GROUPS } from '@pipeline/event-schema';
import {
  createTopics,
  deleteFolder,
  deleteIndex,
  eventually,
  indicesOf,
  listHdfsFiles,
} from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const { hdfsSink } = GROUPS;
const DAY_MS = 86_400_000;

/**
 * Deletes the topic under running sinks and creates it again. Events before and after lie in indices of two days, so
 * that those of the topic that is gone can be told apart and removed before the audit.
 */
async function recreate(context: DrillContext, fillAtOnce: number): Promise<void> {
  const yesterday = new Date(Date.now() - DAY_MS).toISOString();
  const before = context.load(1_000, () => ({ occurred_at: yesterday }));
  await context.advance(3_000);
  await before.stop();
  await context.caughtUp();
  // Nobody is promised anything of a topic that is deleted.
  before.acknowledged.splice(0);
  await context.kafka.deleteTopics([TOPIC]);
  await createTopics(context.stack.kafkaBrokers, allTopics());
  if (fillAtOnce > 0) {
    const burst = context.load(fillAtOnce);
    await eventually(() => assert.ok(burst.acknowledged.length >= fillAtOnce), { timeoutMs: 60_000 });
    await burst.stop();
  }
}

/** Waits for the alarm of hdfs-sink, and sees that it touches nothing while it is raised. */
async function alarmed(context: DrillContext): Promise<void> {
  const filesBefore = await listHdfsFiles(context.stack, TOPIC);
  const load = context.load(500);
  await eventually(
    async () => {
      const halted = metricSum(await metricsOf(context.app(hdfsSink)), 'sink_partition_halted');
      assert.ok(halted > 0, 'no partition is halted');
    },
    { timeoutMs: 90_000 },
  );
  const { status } = await fetch(`${context.app(hdfsSink).url}/readyz`);
  assert.equal(status, 503, 'hdfs-sink is ready though a partition is halted');
  await load.stop();
  assert.deepEqual(
    await listHdfsFiles(context.stack, TOPIC),
    filesBefore,
    'files changed after the topic was recreated',
  );
}

/** What the runbook says: move the folder of the old topic away, restart; then the new one is stored from its first record. */
async function repair(context: DrillContext): Promise<void> {
  await context.app(hdfsSink).stop();
  await deleteFolder(context.stack, '/pipeline');
  await eventually(() => context.kafka.deleteGroup(hdfsSink));
  await context.app(hdfsSink).start();
  context.load(500);
  await context.advance(1_000);
  await context.endLoads();
  await context.caughtUp();
  const [oldest] = (await indicesOf(context.stack, TOPIC)).sort();
  if (oldest !== undefined) await deleteIndex(context.stack, oldest);
}

const recreatedDrill: Drill = {
  name: 'topic-recreated',
  title:
    'The topic is deleted and created again, its offsets begin at 0: hdfs-sink halts with an alarm and skips nothing.',
  async run(context) {
    await recreate(context, 0);
    await alarmed(context);
    await repair(context);
  },
};

const refilledDrill: Drill = {
  name: 'topic-recreated-and-refilled',
  title:
    'The topic is created again and filled beyond the old offsets at once: the sinks notice, and skip nothing.',
  async run(context) {
    await recreate(context, 12_000);
    await alarmed(context);
    await repair(context);
  },
};

const grown: Drill = {
  name: 'partitions-raised-3-to-6',
  title: 'Three partitions become six under load: the new ones are read from their first record.',
  async run(context) {
    context.load(500);
    await context.advance(2_000);
    await context.kafka.addPartitions(TOPIC, 6);
    await eventually(
      async () => {
        for (const group of [GROUPS.hdfsSink, GROUPS.esSink]) {
          const positions = await context.positions(group);
          assert.equal(positions.length, 6);
          for (const { partition, committedOffset = 0n } of positions)
            assert.ok(committedOffset > 0n, `${group} has committed nothing in partition ${partition}`);
        }
      },
      { timeoutMs: 120_000, intervalMs: 500 },
    );
    await context.advance(1_000);
  },
};

export const topic: readonly Drill[] = [recreatedDrill, refilledDrill, grown];
