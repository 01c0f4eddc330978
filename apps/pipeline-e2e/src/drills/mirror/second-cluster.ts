import assert from 'node:assert/strict';
import { join } from 'node:path';
import {
  allTopics,
  deadLetterTopic,
  EVENT_TOPICS,
  rejectedTopic,
  SINK_NAMES,
  TABLE_TOPICS,
} from '@pipeline/event-schema';
import { type Part } from '@pipeline/local-stack';
import { createTopics, emptyStores, eventually, startStack } from '@pipeline/testing';
import { operatorOf, TOPIC } from '../bench/bench.ts';
import { keepLogs } from '../run/keep-logs.ts';
import { DrillContext } from '../run/drill-context.ts';

/** What people deploy; nothing of it is changed here. */
export const SETTINGS_FILE = join(import.meta.dirname, '../../../../../docs/mirror/mirror-maker.properties');
/**
 * A broker that restarts alone may forget an open transaction and leave its records undecided for ever (Kafka 4.4);
 * where others take its partitions over, it does not.
 */
const BROKERS = 3;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 200 };

/** What is collected: all that a second cluster has from the first. */
export const COLLECTED = [...EVENT_TOPICS.flatMap((name) => [name, rejectedTopic(name)]), ...TABLE_TOPICS];

/** A cluster of three brokers with stores of its own and no app yet; a drill of its own, so to say. It ends with `context`. */
export async function secondCluster(context: DrillContext): Promise<DrillContext> {
  const stack = await startStack({ brokerCount: BROKERS });
  context.onClose(() => stack.stop());
  const standby = new DrillContext({ stack, seed: context.seed, isBrief: context.scale(0, 1) === 1 });
  context.onClose(() => standby.close());
  context.onClose(() => keepLogs([...stack.apps, ...stack.mirrorMakers], 'second-cluster'));
  context.onClose(() => keepLogs(context.stack.mirrorMakers, 'way-back'));
  return standby;
}

/** Starts MirrorMaker from one cluster to another; resolves when the other one has all topics of the pipeline. */
export async function mirrored(primary: DrillContext, standby: DrillContext): Promise<Part> {
  const mirror = await standby.stack.startMirrorMaker({
    settingsFile: SETTINGS_FILE,
    environment: {
      PRIMARY_KAFKA_BROKERS: primary.stack.kafkaBrokers.join(','),
      STANDBY_KAFKA_BROKERS: standby.stack.kafkaBrokers.join(','),
    },
  });
  await eventually(async () => {
    const topics = new Set(await standby.kafka.topics());
    assert.deepEqual(
      COLLECTED.filter((name) => !topics.has(name)),
      [],
      'topics that MirrorMaker has not created',
    );
  }, PATIENCE);
  await createTopics(standby.stack.kafkaBrokers);
  return mirror;
}

/** What an operator does before events are collected on a cluster that was mirrored to. */
export async function promote({ kafka }: DrillContext): Promise<void> {
  for (const { name, config } of allTopics())
    if (COLLECTED.includes(name)) await kafka.setTopicConfig(name, config);
}

/** Leaves nothing on a cluster, so that it can be mirrored to from its first record. */
export async function emptied({ stack }: DrillContext): Promise<void> {
  for (const { name } of [...stack.apps].reverse()) await stack.dismiss(name);
  // One that has been asked about a topic asks about it again after it was deleted, and fails.
  const kafka = operatorOf(stack);
  try {
    for (const group of SINK_NAMES) await eventually(() => kafka.deleteGroup(group));
    await kafka.deleteTopics([...COLLECTED, ...SINK_NAMES.map((group) => deadLetterTopic(TOPIC, group))]);
    await forgetMirrors({ kafka });
  } finally {
    await kafka.close();
  }
  await emptyStores(stack, TOPIC);
}

/** Removes what MirrorMaker keeps on a cluster. It would go on there, in topics that are others by then. */
export async function forgetMirrors({ kafka }: Pick<DrillContext, 'kafka'>): Promise<void> {
  const topics = await kafka.topics();
  await kafka.deleteTopics(topics.filter((name) => /^mm2-|(^|\.)heartbeats$/.test(name)));
}
