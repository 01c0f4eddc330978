import assert from 'node:assert/strict';
import { TOPICS } from '@pipeline/event-schema';
import { eventually } from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { oneTopicInTrouble } from '../run/one-topic.ts';
import { withSpool } from '../run/two-collectors.ts';

const { name: PAGE_VIEW, config: PAGE_VIEW_CONFIG } = TOPICS.pageView;
const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;

const unauthorised: Drill = {
  name: 'write-permission-taken',
  title:
    'The collectors may not write page views for a while, under load: clicks are answered 202 from Kafka all the while.',
  apps: APPS,
  secureKafka: true,
  settings: async (context) => ({ ...(await withSpool(context)), ...context.stack.secureKafka?.environment }),
  run(context) {
    const { principal } = context.stack.secureKafka!;
    const topic = { kind: 'topic', name: PAGE_VIEW } as const;
    return oneTopicInTrouble(context, {
      breaks: () => context.kafka.deny(principal, { ...topic, operation: 'write' }),
      mends: () => context.kafka.permit(principal, topic),
    });
  },
};

/** A quota is of a user or a client id; the collector has a client id for each topic. */
const CLIENT_IDS = ['collector-api', 'collector-api-spool'].map((name) => `${name}.${PAGE_VIEW}`);
const QUOTA_BYTES_PER_SECOND = 200;

const throttled: Drill = {
  name: 'producer-over-quota',
  title:
    'The client ids of page views get a quota that they are far over, under load: clicks are answered 202 from Kafka all the while.',
  apps: APPS,
  settings: withSpool,
  run(context) {
    const limit = (bytesPerSecond?: number) =>
      Promise.all(CLIENT_IDS.map((id) => context.kafka.limitProducers(id, bytesPerSecond)));
    context.onClose(() => limit());
    return oneTopicInTrouble(context, { breaks: () => limit(QUOTA_BYTES_PER_SECOND), mends: () => limit() });
  },
};

/** Clicks live on the first two brokers, page views on the given ones; the third broker is killed. */
async function thirdBrokerKilled(context: DrillContext, brokersOfViews: readonly number[]): Promise<void> {
  const broker = context.stack.server('kafka-3');
  await place(context, TOPIC, [1, 2]);
  await place(context, PAGE_VIEW, brokersOfViews);
  await oneTopicInTrouble(context, {
    breaks: async () => {
      broker.kill('SIGKILL');
      await broker.exited();
    },
    mends: () => broker.start(),
  });
}

async function place({ kafka }: DrillContext, topic: string, brokers: readonly number[]): Promise<void> {
  await kafka.moveReplicas(topic, brokers);
  await eventually(async () => assert.deepEqual(await kafka.replicas(topic), [...brokers]), {
    timeoutMs: 60_000,
  });
}

const leaderless: Drill = {
  name: 'topic-without-leader',
  title:
    'The only broker that has page views is killed and comes back: clicks, which others have, are answered 202 from Kafka all the while.',
  apps: APPS,
  brokers: 3,
  settings: withSpool,
  run: (context) => thirdBrokerKilled(context, [3]),
};

const shortOfReplicas: Drill = {
  name: 'topic-short-of-replicas',
  title:
    'Page views need two in-sync replicas and have one for a while: clicks are answered 202 from Kafka all the while.',
  apps: APPS,
  brokers: 3,
  settings: withSpool,
  async run(context) {
    await context.kafka.setTopicConfig(PAGE_VIEW, { ...PAGE_VIEW_CONFIG, 'min.insync.replicas': '2' });
    await thirdBrokerKilled(context, [2, 3]);
  },
};

export const topicTroubles: readonly Drill[] = [unauthorised, throttled, leaderless, shortOfReplicas];
