import { afterEach, describe, expect, it } from '@jest/globals';
import {
  closePublishers,
  outcomeOf,
  record,
  type Start,
  startTopics,
  turn,
  until,
} from '../../testing/start-publisher.fixture.ts';
import { MemoryFallbackLog } from '../../testing/fallback-log.double.ts';

afterEach(closePublishers);

const WELL = 'select-color';
const ILL = 'page-view';

/** Two topics, each with brokers of its own in memory that answer at once. */
const startTwo = (options: Omit<Start, 'sender'> = {}) => startTopics([WELL, ILL], options);

describe('RecordPublisher with a topic in trouble', () => {
  it('refuses records of a topic that is missing, and acknowledges those of the other', async () => {
    const { publisher, senders, readiness } = await startTwo();
    senders.get(ILL)!.missing.add(ILL);
    for (let round = 0; round < 10; round++) {
      const ill = outcomeOf(publisher.publish(ILL, [record('a')]));
      await expect(publisher.publish(WELL, [record('b')])).resolves.toBe('broker');
      await until(() => ill.state === 'broker-unavailable');
    }
    expect(readiness.notReady()).toEqual({});
    expect(readiness.degraded()).toEqual({ [`topic ${ILL}`]: `${ILL} is missing` });
  });

  it('is named while a quota is passed, though its records are taken', async () => {
    const { publisher, senders, readiness } = await startTwo();
    senders.get(ILL)!.throttleMs = 500;
    await expect(publisher.publish(ILL, [record('a')])).resolves.toBe('broker');
    expect(Object.keys(readiness.degraded())).toEqual([`topic ${ILL}`]);
    senders.get(ILL)!.throttleMs = 0;
    expect(readiness.degraded()).toEqual({});
  });

  it('takes its records again when the topic is there', async () => {
    const { publisher, senders, readiness } = await startTwo();
    senders.get(ILL)!.missing.add(ILL);
    await expect(publisher.publish(ILL, [record('a')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    senders.get(ILL)!.missing.clear();
    await until(() => Object.keys(readiness.degraded()).length === 0);
    await expect(publisher.publish(ILL, [record('b')])).resolves.toBe('broker');
  });

  it('has the fallback take over one topic, while the other goes to Kafka', async () => {
    const fallback = new MemoryFallbackLog();
    const { publisher, senders, readiness } = await startTwo({ fallback });
    senders.get(ILL)!.missing.add(ILL);
    await expect(publisher.publish(ILL, [record('a')])).resolves.toBe('fallback');
    await expect(publisher.publish(WELL, [record('b')])).resolves.toBe('broker');
    await expect(publisher.publish(ILL, [record('c')])).resolves.toBe('fallback');
    await expect(publisher.publish(WELL, [record('d')])).resolves.toBe('broker');
    expect(senders.get(WELL)!.written()).toEqual(['b', 'd']);
    expect(readiness.degraded()).toHaveProperty([`topic ${ILL}`]);
    expect(readiness.notReady()).toEqual({});
  });

  it('sends requests of one topic while five of the other are not answered', async () => {
    const { publisher, senders } = await startTwo({ settings: { timeoutMs: 5_000 } });
    await publisher.publish(ILL, [record('0')]);
    senders.get(ILL)!.isHolding = true;
    const ill = [...'abcdefgh'].map((name) => outcomeOf(publisher.publish(ILL, [record(name.repeat(600))])));
    await turn();
    await expect(publisher.publish(WELL, [record('b')])).resolves.toBe('broker');
    expect(ill.map(({ state }) => state)).toEqual(Array(8).fill('pending'));
    senders.get(ILL)!.isHolding = false;
    senders.get(ILL)!.requests.forEach((request) => request.ack());
    await until(() => ill.every(({ state }) => state === 'broker'));
  });

  it('never lets a topic that is stuck take all bytes that may wait', async () => {
    const { publisher, senders } = await startTwo({ settings: { timeoutMs: 5_000 } });
    senders.get(ILL)!.isHolding = true;
    const ill = Array.from({ length: 30 }, () =>
      outcomeOf(publisher.publish(ILL, [record('x'.repeat(600))])),
    );
    await turn();
    const taken = ill.filter(({ state }) => state === 'pending').length;
    expect(taken).toBeGreaterThan(10);
    expect(taken).toBeLessThanOrEqual(13); // of 10,000 bytes, four fifths
    expect(ill.at(-1)!.state).toBe('buffer-full');
    await expect(publisher.publish(WELL, [record('y'.repeat(600))])).resolves.toBe('broker');
    senders.get(ILL)!.isHolding = false;
    senders.get(ILL)!.requests.forEach((request) => request.ack());
    await until(() => ill.every(({ state }) => state !== 'pending'));
    expect(publisher.pendingBytes).toBe(0);
  });

  it('says for as long as a broker takes no records of a topic that it suffers, though its leaders answer', async () => {
    const { publisher, senders, readiness, metrics } = await startTwo();
    const failing = async () => (await metrics.topicFailing.get()).values;
    senders.get(ILL)!.refusesAll = true;
    await expect(publisher.publish(ILL, [record('a')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    await turn();
    expect(readiness.degraded()).toEqual({ [`topic ${ILL}`]: 'refused on demand' });
    expect(await failing()).toEqual([
      { labels: { topic: WELL }, value: 0 },
      { labels: { topic: ILL }, value: 1 },
    ]);
    senders.get(ILL)!.refusesAll = false;
    await expect(publisher.publish(ILL, [record('b')])).resolves.toBe('broker');
    expect(readiness.degraded()).toEqual({});
    expect((await failing()).map(({ value }) => value)).toEqual([0, 0]);
  });

  it('sends smaller requests to a topic that finds them too large', async () => {
    const { publisher, senders } = await startTwo();
    senders.get(ILL)!.maxBatchRecords = 2;
    const publish = () => [...'abcd'].map((value) => outcomeOf(publisher.publish(ILL, [record(value)])));
    const first = publish();
    await until(() => first.every(({ state }) => state === 'record-refused'));
    const second = publish();
    await until(() => second.every(({ state }) => state === 'broker'));
    await expect(publisher.publish(WELL, [record('b')])).resolves.toBe('broker');
  });

  it('is not ready only when every topic is refused', async () => {
    const { publisher, senders, readiness } = await startTwo();
    for (const [topic, sender] of senders) sender.missing.add(topic);
    await expect(publisher.publish(ILL, [record('a')])).rejects.toThrow();
    expect(readiness.notReady()).toEqual({});
    await expect(publisher.publish(WELL, [record('b')])).rejects.toThrow();
    expect(readiness.notReady()).toHaveProperty('publisher');
    expect(Object.keys(readiness.degraded())).toEqual([`topic ${WELL}`, `topic ${ILL}`]);
  });

  it('is not ready while Kafka is away and the fallback cannot take over', async () => {
    const fallback = new MemoryFallbackLog();
    fallback.failure = Object.assign(new Error('full'), { code: 'full' });
    const { publisher, senders, readiness } = await startTwo({ fallback });
    for (const [topic, sender] of senders) {
      sender.missing.add(topic);
      await expect(publisher.publish(topic, [record('a')])).rejects.toMatchObject({ code: 'full' });
    }
    expect(readiness.notReady()).toHaveProperty('publisher');
    senders.get(WELL)!.missing.clear();
    await until(() => Object.keys(readiness.notReady()).length === 0);
  });

  it('connects to a topic that was not named at start when its first records come', async () => {
    const { publisher, senders } = await startTwo();
    await expect(publisher.publish('later', [record('a')])).resolves.toBe('broker');
    expect(senders.get('later')!.written()).toEqual(['a']);
  });
});
