import { beforeEach, describe, expect, it } from '@jest/globals';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { Registry } from 'prom-client';
import { EndToEndLatency } from './end-to-end-latency.ts';
import { sinkMetrics } from './sink-metrics.ts';

let registry: Registry;
let latency: EndToEndLatency;
beforeEach(() => {
  registry = new Registry();
  latency = new EndToEndLatency('clicks', sinkMetrics(registry));
});

const recordOf = (value: string | null): KafkaRecord => ({
  ...{ key: null, offset: 0, timestamp: 0 },
  value: value === null ? null : Buffer.from(value),
});
const receivedAgo = (seconds: number) =>
  recordOf(JSON.stringify({ received_at: new Date(Date.now() - seconds * 1_000).toISOString() }));

async function observed(): Promise<{ count: number; sum: number }> {
  const text = await registry.getSingleMetricAsString('sink_end_to_end_seconds');
  const sampleOf = (name: string) =>
    Number(new RegExp(`_${name}{topic="clicks"} (\\S+)`).exec(text)?.[1] ?? 0);
  return { count: sampleOf('count'), sum: sampleOf('sum') };
}

describe('the end-to-end latency', () => {
  it('is that of the oldest record of a flush, also of one that was staged piece by piece', async () => {
    latency.take([receivedAgo(30), receivedAgo(20)]);
    latency.take([receivedAgo(10)]);
    latency.stored();
    const { count, sum } = await observed();
    expect(count).toBe(1);
    expect(sum).toBeGreaterThanOrEqual(30);
    expect(sum).toBeLessThan(35);
  });

  it('begins anew with each flush, and with what is read again', async () => {
    latency.take([receivedAgo(60)]);
    latency.reset();
    latency.take([receivedAgo(1)]);
    latency.stored();
    latency.take([receivedAgo(1)]);
    latency.stored();
    const { count, sum } = await observed();
    expect(count).toBe(2);
    expect(sum).toBeLessThan(10);
  });

  it('is 0 where the clock of the collector is ahead', async () => {
    latency.take([receivedAgo(-60)]);
    latency.stored();
    expect(await observed()).toEqual({ count: 1, sum: 0 });
  });

  it.each([
    null,
    'not JSON',
    '{}',
    '{"received_at":"yesterday"}',
    '{"user_name":"\\"received_at\\":\\"2026"}',
  ])('is not observed where the oldest record is %s', async (value) => {
    latency.take([recordOf(value)]);
    latency.stored();
    expect((await observed()).count).toBe(0);
  });
});
