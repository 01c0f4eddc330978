import { MAX_RECORD_BYTES } from '@pipeline/event-schema';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readRecordBatch } from '@pipeline/kafka-wire';
import {
  closePublishers,
  outcomeOf,
  record,
  start,
  turn,
  until,
} from '../../testing/start-publisher.fixture.ts';
import { MemoryBatchSender } from '@pipeline/kafka-driver/testing';
import { MemoryFallbackLog } from '../../testing/fallback-log.double.ts';

afterEach(closePublishers);

describe('RecordPublisher', () => {
  it('resolves a caller only after the broker has acknowledged', async () => {
    const { publisher, sender } = await start();
    const outcome = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    expect(sender.requests[0]!.values).toEqual(['a']);
    expect(outcome.state).toBe('pending');
    sender.requests[0]!.ack();
    await turn();
    expect(outcome.state).toBe('broker');
  });

  it('sends at once when idle, and shares one request between all callers that come while one is under way', async () => {
    const { publisher, sender } = await start();
    const first = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    const others = ['b', 'c', 'd'].map((value) => outcomeOf(publisher.publish('t', [record(value)])));
    await turn();
    expect(sender.requests).toHaveLength(1);
    sender.requests[0]!.ack();
    await turn();
    expect(sender.requests[1]!.values).toEqual(['b', 'c', 'd']);
    sender.requests[1]!.ack();
    await turn();
    expect([first, ...others].map(({ state }) => state)).toEqual(Array(4).fill('broker'));
  });

  it('splits a large call over several requests and resolves it after the last', async () => {
    const { publisher, sender } = await start();
    const outcome = outcomeOf(publisher.publish('t', [record('a'.repeat(600)), record('b'.repeat(600))]));
    await turn();
    sender.requests[0]!.ack();
    await turn();
    expect(outcome.state).toBe('pending');
    sender.requests[1]!.ack();
    await turn();
    expect(outcome.state).toBe('broker');
  });

  it('rejects what a refused request carried and goes on with the next, under a new identity', async () => {
    const { publisher, sender } = await start();
    const refused = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    const next = outcomeOf(publisher.publish('t', [record('b')]));
    sender.requests[0]!.refuse('record-refused');
    await turn();
    sender.requests[1]!.ack();
    await turn();
    expect([refused.state, next.state]).toEqual(['record-refused', 'broker']);
    expect(sender.identities).toBe(2);
  });

  it('repeats a request unchanged, so that a lost acknowledgement doubles nothing', async () => {
    const { publisher, sender } = await start({ settings: { retries: 1, timeoutMs: 5_000 } });
    const outcome = outcomeOf(publisher.publish('t', [record('a'), record('b')]));
    await turn();
    sender.requests[0]!.writeSilently();
    sender.requests[0]!.refuse('broker-unavailable');
    await until(() => sender.requests.length === 2);
    sender.requests[1]!.ack();
    await turn();
    expect([outcome.state, sender.written()]).toEqual(['broker', ['a', 'b']]);
  });

  it('takes a new identity when the broker has forgotten the old one', async () => {
    const { publisher, sender } = await start({ settings: { retries: 1, timeoutMs: 5_000 } });
    const outcome = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    sender.requests[0]!.refuse('sequence-lost');
    await until(() => sender.requests.length === 2);
    sender.requests[1]!.ack();
    await turn();
    expect([outcome.state, sender.written(), sender.identities]).toEqual(['broker', ['a'], 2]);
  });

  it('refuses at once when the queue is full, and takes records again when there is room', async () => {
    const { publisher, sender } = await start({ settings: { maxQueueBytes: 1_000 } });
    const taken = outcomeOf(publisher.publish('t', [record('a'.repeat(900))]));
    const refused = outcomeOf(publisher.publish('t', [record('b'.repeat(900))]));
    await turn();
    expect(refused.state).toBe('buffer-full');
    sender.requests[0]!.ack();
    await turn();
    expect(taken.state).toBe('broker');
    expect(publisher.pendingBytes).toBe(0);
    const later = outcomeOf(publisher.publish('t', [record('c'.repeat(900))]));
    await turn();
    sender.requests[1]!.ack();
    await turn();
    expect(later.state).toBe('broker');
  });

  it('takes an error of our own code for no outage: its callers are told, the others are served', async () => {
    const fallback = new MemoryFallbackLog();
    const { publisher, sender, readiness } = await start({ fallback, settings: { retries: 3 } });
    sender.partitions = 0;
    const failed = publisher.publish('t', [record('a')]);
    await expect(failed).rejects.toBeInstanceOf(TypeError);
    expect([readiness.notReady(), readiness.degraded()]).toEqual([{}, {}]);
    sender.partitions = 3;
    const next = outcomeOf(publisher.publish('t', [record('b')]));
    await turn();
    sender.requests[0]!.ack();
    await turn();
    expect([next.state, sender.written(), fallback.entries]).toEqual(['broker', ['b'], []]);
  });

  it('refuses a record that no topic takes, and only that call', async () => {
    const { publisher, sender } = await start({ settings: { maxQueueBytes: 10_000_000 } });
    const tooLarge = outcomeOf(publisher.publish('t', [record('x'.repeat(MAX_RECORD_BYTES))]));
    const fits = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    sender.requests[0]!.ack();
    await turn();
    expect([tooLarge.state, fits.state]).toEqual(['record-too-large', 'broker']);
  });

  it('answers at the publish time-out when the broker is silent, gives up the connection, then refuses at once', async () => {
    const { publisher, sender, readiness } = await start();
    const waits = publisher.publish('t', [record('a')]);
    await turn();
    sender.isDown = true;
    await expect(waits).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(sender.resets).toBe(1);
    await expect(publisher.publish('t', [record('b')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(readiness.notReady()).toHaveProperty('publisher');
  });

  it('becomes ready again without traffic once a broker answers', async () => {
    const { publisher, sender, readiness } = await start();
    const refused = outcomeOf(publisher.publish('t', [record('a')]));
    await turn();
    sender.isDown = true;
    sender.requests[0]!.refuse('broker-unavailable');
    await turn();
    expect(refused.state).toBe('broker-unavailable');
    expect(readiness.notReady()).toHaveProperty('publisher');
    sender.isDown = false;
    await until(() => !('publisher' in readiness.notReady()));
  });

  it('refuses until it is connected, and connects as soon as Kafka is there', async () => {
    const sender = new MemoryBatchSender();
    sender.isDown = true;
    const { publisher, readiness } = await start({ sender });
    await expect(publisher.publish('t', [record('a')])).rejects.toMatchObject({ code: 'broker-unavailable' });
    sender.isDown = false;
    await until(() => !('publisher' in readiness.notReady()));
    const outcome = outcomeOf(publisher.publish('t', [record('b')]));
    await turn();
    sender.requests[0]!.ack();
    await turn();
    expect(outcome.state).toBe('broker');
  });

  it('sends what is queued before it closes, and refuses afterwards', async () => {
    const { publisher, sender } = await start();
    const outcomes = ['a', 'b'].map((value) => outcomeOf(publisher.publish('t', [record(value)])));
    const closed = publisher.close();
    await expect(publisher.publish('t', [record('late')])).rejects.toMatchObject({ code: 'closed' });
    await turn();
    sender.requests[0]!.ack();
    await closed;
    expect(outcomes.map(({ state }) => state)).toEqual(['broker', 'broker']);
  });

  it('keeps the order of each key over partitions and requests', async () => {
    const { publisher, sender } = await start({ settings: { maxQueueBytes: 1e6 } });
    sender.isHolding = false;
    const calls = Array.from({ length: 200 }, (_, n) =>
      publisher.publish('t', [{ key: `visitor-${n % 7}`, value: `${n % 7}:${n}` }]),
    );
    await Promise.all(calls);
    for (const log of sender.logs.values()) {
      for (let key = 0; key < 7; key++) {
        const own = log.filter((value) => value.startsWith(`${key}:`)).map((value) => Number(value.slice(2)));
        expect(own).toEqual([...own].sort((a, b) => a - b));
      }
    }
    expect(sender.written()).toHaveLength(200);
  });

  describe('with a fallback', () => {
    it('hands over what Kafka left unanswered exactly as it was sent, so that bringing it later doubles nothing', async () => {
      const fallback = new MemoryFallbackLog();
      const { publisher, sender } = await start({ fallback });
      const outcome = outcomeOf(publisher.publish('t', [record('a')]));
      await turn();
      sender.requests[0]!.writeSilently();
      await until(() => outcome.state === 'fallback');
      const [entry] = fallback.entries;
      if (entry === undefined || !('sealed' in entry)) throw new Error('not sealed');
      expect(readRecordBatch(entry.sealed[0]!.bytes).producerId).toBe(1n);
      sender.isHolding = false;
      await sender.send(entry.sealed);
      expect(sender.written()).toEqual(['a']);
    });

    it('sends everything there while it holds something, whatever Kafka says, and to Kafka again afterwards', async () => {
      const fallback = new MemoryFallbackLog();
      const { publisher, sender } = await start({ fallback });
      fallback.occupied.add('t');
      await expect(publisher.publish('t', [record('a')])).resolves.toBe('fallback');
      expect(fallback.entries).toEqual([{ values: ['a'] }]);
      fallback.occupied.clear();
      sender.isHolding = false;
      await expect(publisher.publish('t', [record('b')])).resolves.toBe('broker');
    });

    it('takes over at once while Kafka was never there, and counts as ready', async () => {
      const fallback = new MemoryFallbackLog();
      const sender = new MemoryBatchSender();
      sender.isDown = true;
      const { publisher, readiness } = await start({ sender, fallback });
      await expect(publisher.publish('t', [record('a')])).resolves.toBe('fallback');
      expect(readiness.notReady()).toEqual({});
    });

    it('says what the fallback says when that cannot take over either', async () => {
      const fallback = new MemoryFallbackLog();
      fallback.occupied.add('t');
      fallback.failure = Object.assign(new Error('full'), { code: 'full' });
      const { publisher } = await start({ fallback });
      await expect(publisher.publish('t', [record('a')])).rejects.toMatchObject({ code: 'full' });
    });

    it('never hands over a record that Kafka refuses for good', async () => {
      const fallback = new MemoryFallbackLog();
      const { publisher, sender } = await start({ fallback });
      const outcome = outcomeOf(publisher.publish('t', [record('a')]));
      await turn();
      sender.requests[0]!.refuse('record-refused');
      await turn();
      expect([outcome.state, fallback.entries]).toEqual(['record-refused', []]);
    });
  });
});
