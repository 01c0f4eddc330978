import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { closeAll, expectEventually, start } from '../../testing/kafka-batch-server.fixture.ts';
import { MemoryKafka, settle } from '@pipeline/kafka-driver/testing';

afterEach(closeAll);

async function setUp(records: number) {
  const kafka = new MemoryKafka();
  for (let record = 0; record < records; record++) kafka.append('clicks', 0, ['x']);
  const registry = new Registry();
  const { calls, readiness } = await start(kafka, { registry, lagIntervalMs: 5 });
  await kafka.join('clicks', [0]);
  const lag = async () => {
    const { values } = await registry.getSingleMetric('sink_consumer_lag_records')!.get();
    return values.map(({ labels, value }) => [labels['partition'], value]);
  };
  return { kafka, calls, readiness, lag };
}

describe('the lag of a partition', () => {
  it('is what is not committed: records that were read and wait for a store are part of it', async () => {
    const { kafka, calls, lag } = await setUp(5);
    expect(await lag()).toEqual([[0, 5]]);
    await kafka.deliver('clicks', 0, 3);
    expect(await lag()).toEqual([[0, 5]]);
    calls[0]!.resolve();
    await settle();
    expect(await lag()).toEqual([[0, 2]]);
  });

  it('starts at the commit of an earlier owner', async () => {
    const { kafka, lag } = await setUp(5);
    kafka.setCommitted('clicks', 0, 4);
    await kafka.join('clicks', [0]);
    expect(await lag()).toEqual([[0, 1]]);
  });

  it('grows while nothing is fetched: the partition is stuck, and producers go on', async () => {
    const { kafka, lag } = await setUp(1);
    await kafka.deliver('clicks', 0);
    kafka.append('clicks', 0, ['a', 'b']);
    await expectEventually(async () => expect(await lag()).toEqual([[0, 3]]));
  });

  it('is true of a topic while the ends of another are not known', async () => {
    const { kafka, lag } = await setUp(1);
    kafka.append('views', 0, ['v']);
    await kafka.joinAll({ views: [0], clicks: [0] });
    kafka.silentTopics.add('views');
    kafka.append('clicks', 0, ['a', 'b']);
    await expectEventually(async () =>
      expect(await lag()).toEqual([
        [0, 1],
        [0, 3],
      ]),
    );
  });

  it('leaves with the partition', async () => {
    const { kafka, lag } = await setUp(5);
    kafka.append('clicks', 1, ['a']);
    await kafka.join('clicks', [1]);
    expect(await lag()).toEqual([[1, 1]]);
  });

  it('does not count what is left of an aborted transaction once all before it is durable', async () => {
    const { kafka, calls, lag } = await setUp(5);
    await kafka.deliver('clicks', 0, 3);
    await kafka.filterOut('clicks', 0, 1);
    expect(await lag()).toEqual([[0, 5]]);
    calls[0]!.resolve();
    await settle();
    await kafka.filterOut('clicks', 0, 1);
    expect(await lag()).toEqual([[0, 0]]);
  });
});

describe('a partition that is read again and again', () => {
  it('makes the app not ready until something of it is committed', async () => {
    const { kafka, calls, readiness } = await setUp(1);
    for (let read = 1; read <= 3; read++) {
      expect(readiness.notReady()).toEqual({});
      await kafka.deliver('clicks', 0);
      calls.at(-1)!.reject(new TypeError('x is not a function'));
      await settle();
      if (read < 3) await expectEventually(() => expect(kafka.isPaused('clicks', 0)).toBe(false));
    }
    expect(readiness.notReady()['consumer spec']).toBe(
      'clicks/0 read again 3 times since its last commit: x is not a function',
    );
    await expectEventually(() => expect(kafka.isPaused('clicks', 0)).toBe(false));
    await kafka.deliver('clicks', 0);
    calls.at(-1)!.resolve();
    await settle();
    expect(readiness.notReady()).toEqual({});
  }, 20_000);
});
