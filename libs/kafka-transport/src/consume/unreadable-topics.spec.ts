import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger, Readiness } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { closeAll, start } from '../../testing/kafka-batch-server.fixture.ts';
import { MemoryKafka, settle } from '@pipeline/kafka-driver/testing';
import { consumerMetrics } from './consumer-metrics.ts';
import { UnreadableTopics } from './unreadable-topics.ts';

afterEach(closeAll);

function setUp(...topics: string[]) {
  const registry = new Registry();
  const readiness = new Readiness();
  const unreadable = new UnreadableTopics({
    logger: createLogger('spec', 'silent'),
    metrics: consumerMetrics(registry),
    readiness,
  });
  unreadable.watch(topics);
  const failing = async () => {
    const { values } = await registry.getSingleMetric('consumer_topic_failing')!.get();
    return values.map(({ labels, value }) => [labels['topic'], value]);
  };
  return { unreadable, readiness, failing };
}

describe('a topic that cannot be read', () => {
  it('is named with its reason while the app is ready, and forgotten when it is back', async () => {
    const { unreadable, readiness, failing } = setUp('clicks', 'views');
    unreadable.see('views', 'gone');
    expect(readiness.degraded()).toEqual({ 'topic views': 'gone' });
    expect(unreadable.allUnreadable).toBeUndefined();
    expect(await failing()).toEqual([
      ['clicks', 0],
      ['views', 1],
    ]);
    unreadable.see('views', undefined);
    expect(readiness.degraded()).toEqual({});
    expect(await failing()).toEqual([
      ['clicks', 0],
      ['views', 0],
    ]);
  });

  it('is a reason to be not ready when there is no other', () => {
    const { unreadable } = setUp('clicks', 'views');
    unreadable.see('clicks', 'gone');
    unreadable.see('views', 'forbidden');
    expect(unreadable.allUnreadable).toBe('topic clicks: gone');
  });

  it('is not told of when this consumer does not read it', () => {
    const { unreadable, readiness } = setUp('clicks');
    unreadable.see('questions', 'gone');
    expect(readiness.degraded()).toEqual({});
  });

  it('keeps no other topic waiting when it is assigned and its ends are not known', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    kafka.append('views', 0, ['v']);
    kafka.silentTopics.add('views');
    const { calls, readiness } = await start(kafka);
    await kafka.joinAll({ views: [0], clicks: [0] });
    await kafka.deliver('clicks', 0);
    expect(calls).toHaveLength(1);
    expect(readiness.notReady()).not.toEqual({});
    calls[0]!.resolve();
    await settle();
    expect(kafka.commits).toEqual(['clicks/0@1']);
  });
});
