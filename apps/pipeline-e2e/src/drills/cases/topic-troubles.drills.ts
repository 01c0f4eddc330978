import { TOPICS } from '@pipeline/event-schema';
import { type Drill } from '../drill.ts';
import { oneTopicInTrouble, withSpool } from '../run/one-topic.ts';

const PAGE_VIEW = TOPICS.pageView.name;
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

export const topicTroubles: readonly Drill[] = [unauthorised];
