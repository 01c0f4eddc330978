import { MemoryBatchSender } from '@pipeline/kafka-transport/testing';
import { createLogger } from '@pipeline/observability';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { drainOf, openSpool, recordsOf, TOPIC, until } from '../../testing/open-spool.fixture.ts';
import { MemorySpoolFolder } from '../../testing/spool-folder.double.ts';
import { intakeMetrics } from '../intake-metrics.ts';
import { Spool } from './spool.ts';

const ILL = 'page-view';

const spools: Spool[] = [];
afterEach(async () => {
  await Promise.all(spools.splice(0).map((spool) => spool.stop()));
});

/** Not started yet: it drains through a sender for each topic. */
async function open(
  folder = new MemorySpoolFolder(),
  { maxBytes = 1e9, topics = [TOPIC, ILL], senders = new Map<string, MemoryBatchSender>() } = {},
) {
  const metrics = intakeMetrics(new Registry());
  const spool = await Spool.open({
    folder,
    topics,
    maxBytes,
    segmentBytes: 400,
    createDrain: (log, topic) => {
      const sender = senders.get(topic) ?? new MemoryBatchSender();
      senders.set(topic, sender);
      return drainOf(log, sender, metrics, topic);
    },
    logger: createLogger('spec', 'silent'),
    metrics,
  });
  spools.push(spool);
  return { spool, senders, folder, metrics };
}

const take = async (spool: Spool, topic: string, values: readonly string[]): Promise<void> => {
  for (const value of values) await spool.appendRecords(topic, [{ key: 'visitor', value }]);
};

describe('a spool of several topics', () => {
  it('brings one topic to Kafka in order while another is missing there, and that one when it is back', async () => {
    const { spool, senders, metrics } = await open();
    senders.get(ILL)!.missing.add(ILL);
    for (const name of 'abc') {
      await take(spool, ILL, [`ill ${name}`]);
      await take(spool, TOPIC, [name]);
    }
    spool.start();
    await until(() => !spool.isOccupied(TOPIC));
    expect(senders.get(TOPIC)!.written()).toEqual(['a', 'b', 'c']);
    expect(spool.isOccupied(ILL)).toBe(true);
    const { values } = await metrics.spoolBytes.get();
    expect(values.find(({ labels }) => labels.topic === TOPIC)!.value).toBe(0);
    expect(values.find(({ labels }) => labels.topic === ILL)!.value).toBeGreaterThan(0);
    senders.get(ILL)!.missing.clear();
    await until(() => !spool.isOccupied(ILL));
    expect(senders.get(ILL)!.written()).toEqual(['ill a', 'ill b', 'ill c']);
  });

  it('knows after a crash how far each topic has come', async () => {
    const { spool, senders, folder } = await open();
    senders.get(ILL)!.missing.add(ILL);
    await take(spool, ILL, ['ill']);
    await take(spool, TOPIC, ['a']);
    spool.start();
    await until(() => !spool.isOccupied(TOPIC));
    const next = await open(folder.afterCrash(), { senders });
    expect([TOPIC, ILL].map((topic) => next.spool.isOccupied(topic))).toEqual([false, true]);
    senders.get(ILL)!.missing.clear();
    next.spool.start();
    await until(() => !next.spool.isOccupied(ILL));
    expect([senders.get(TOPIC)!.written(), senders.get(ILL)!.written()]).toEqual([['a'], ['ill']]);
  });

  it('has room for a topic when another that is stuck takes no more', async () => {
    const { spool } = await open(undefined, { maxBytes: 4_000 });
    const fill = async () => {
      for (;;) await take(spool, ILL, ['x'.repeat(100)]);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'spool-full' });
    await take(spool, TOPIC, ['a', 'b', 'c']);
    expect(spool.isOccupied(TOPIC)).toBe(true);
  });

  it('brings what is left of a topic that has no events any more', async () => {
    const { spool, folder } = await open(undefined, { topics: [TOPIC, 'gone'] });
    await take(spool, 'gone', ['a']);
    const { spool: next, senders } = await open(folder.afterCrash(), { topics: [TOPIC] });
    next.start();
    await until(() => !next.isOccupied('gone'));
    expect(senders.get('gone')!.written()).toEqual(['a']);
  });

  it('brings first what a version before has left in one log of all topics', async () => {
    const folder = new MemorySpoolFolder();
    const before = await openSpool(folder);
    for (const name of 'abc') {
      await before.append(recordsOf([name]));
      await before.append(recordsOf([`ill ${name}`], 'visitor', ILL));
    }
    const { spool, senders } = await open(folder.afterCrash());
    expect([TOPIC, ILL].map((topic) => spool.isOccupied(topic))).toEqual([true, true]);
    await take(spool, TOPIC, ['d']);
    spool.start();
    await until(() => !spool.isOccupied(TOPIC) && !spool.isOccupied(ILL));
    const earlier = senders.get('all-topics')!;
    const values = (topic: string) =>
      [...earlier.logs].flatMap(([place, log]) => (place.startsWith(topic) ? log : []));
    expect([values(TOPIC), values(ILL)]).toEqual([
      ['a', 'b', 'c'],
      ['ill a', 'ill b', 'ill c'],
    ]);
    expect(senders.get(TOPIC)!.written()).toEqual(['d']);
  });

  it('keeps new records back until what came before them is in Kafka', async () => {
    const folder = new MemorySpoolFolder();
    await (await openSpool(folder)).append(recordsOf(['a']));
    const { spool, senders } = await open(folder.afterCrash());
    senders.get('all-topics')!.isDown = true;
    await take(spool, TOPIC, ['b']);
    spool.start();
    await new Promise(setImmediate);
    expect(senders.get(TOPIC)!.written()).toEqual([]);
    senders.get('all-topics')!.isDown = false;
    await until(() => !spool.isOccupied(TOPIC));
    expect(senders.get(TOPIC)!.written()).toEqual(['b']);
  });
});
