import { afterEach, describe, expect, it, jest } from '@jest/globals';
import {
  closePublishers,
  outcomeOf,
  record,
  type Start,
  start,
  turn,
  until,
} from '../../testing/start-publisher.fixture.ts';
import { type MemoryBatchSender } from '@pipeline/kafka-driver/testing';
import { MemoryFallbackLog } from '../../testing/fallback-log.double.ts';

afterEach(closePublishers);

describe('RecordPublisher with several requests under way', () => {
  /** Each fills a batch of its own; all go to one partition. */
  const full = (name: string) => record(name.repeat(600 / name.length));
  const names = ({ values }: { values: readonly string[] }) => values.map((value) => value[0]).join('');
  const written = (sender: MemoryBatchSender) => sender.written().map((value) => value[0]);

  /** The broker knows the producer, so that the next batches need not wait for each other. */
  async function startKnown(start_: Start = {}) {
    const parts = await start({
      ...start_,
      settings: { timeoutMs: 5_000, retries: 2, ...start_.settings },
    });
    const first = parts.publisher.publish('t', [record('0')]);
    await turn();
    parts.sender.requests.shift()!.ack();
    await first;
    return parts;
  }

  it('sends full batches without waiting for the answer, five at most, and one that is not full only when it is alone', async () => {
    const { publisher, sender } = await startKnown();
    const outcomes = [...'abcdefg'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    expect(sender.requests.map(names)).toEqual(['a', 'b', 'c', 'd', 'e']);
    for (let n = 0; n < 7; n++) {
      await until(() => sender.requests.length > n);
      sender.requests[n]!.ack();
      await turn();
    }
    expect(outcomes.map(({ state }) => state)).toEqual(Array(7).fill('broker'));
    expect(written(sender)).toEqual(['0', ...'abcdefg']);
  });

  it('sends a second one, and no third, that is not full but has 64 callers', async () => {
    const { publisher, sender } = await startKnown({ settings: { maxBatchBytes: 1_000_000 } });
    const calls = [publisher.publish('t', [record('a')])];
    await turn();
    const callers = async (count: number) => {
      calls.push(...Array.from({ length: count }, () => publisher.publish('t', [record('b')])));
      await turn();
    };
    await callers(63);
    expect(sender.requests).toHaveLength(1);
    await callers(1);
    expect(sender.requests.map(({ values }) => values.length)).toEqual([1, 64]);
    await callers(64);
    expect(sender.requests).toHaveLength(2);
    sender.isHolding = false;
    sender.requests.forEach((request) => request.ack());
    await Promise.all(calls);
  });

  it('waits for the first answer of a producer, because the broker would take any sequence of a new one', async () => {
    const { publisher, sender } = await start({ settings: { timeoutMs: 5_000 } });
    for (const name of 'abc') void publisher.publish('t', [full(name)]);
    await turn();
    expect(sender.requests.map(names)).toEqual(['a']);
    sender.requests[0]!.ack();
    await turn();
    expect(sender.requests.map(names)).toEqual(['a', 'b']);
    sender.isHolding = false;
    sender.requests[1]!.ack();
  });

  it('has one under way where the broker cannot tell a repetition', async () => {
    const { publisher, sender } = await startKnown({ settings: { idempotent: false } });
    for (const name of 'abc') void publisher.publish('t', [full(name)]);
    await turn();
    expect(sender.requests.map(names)).toEqual(['a']);
    sender.isHolding = false;
    sender.requests[0]!.ack();
  });

  it('repeats what failed in its order, and starts nothing new meanwhile', async () => {
    const { publisher, sender } = await startKnown();
    const outcomes = [...'abc'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    const [a, b] = sender.requests.splice(0);
    a!.refuse('broker-unavailable');
    await turn();
    outcomes.push(outcomeOf(publisher.publish('t', [full('d')])));
    await turn();
    expect(sender.requests.map(names).filter((name) => name !== 'a')).toEqual([]);
    b!.ack(); // the broker misses what stands before it
    sender.isHolding = false;
    sender.requests.forEach((request) => request.ack());
    await until(() => outcomes.every(({ state }) => state === 'broker'));
    expect(written(sender)).toEqual(['0', ...'abcd']);
    expect(sender.identities).toBe(1);
  });

  it('never repeats what failed before its predecessors have ended', async () => {
    const { publisher, sender } = await startKnown();
    const noPause = jest.spyOn(Math, 'random').mockReturnValue(0);
    const outcomes = [...'abc'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    const [a, b] = sender.requests.splice(0);
    b!.refuse('broker-unavailable');
    for (const untilMs = performance.now() + 20; performance.now() < untilMs;) await turn();
    expect(sender.requests).toEqual([]);
    a!.ack();
    sender.isHolding = false;
    await until(() => outcomes.every(({ state }) => state === 'broker'));
    noPause.mockRestore();
    expect(written(sender)).toEqual(['0', ...'abc']);
  });

  it('doubles nothing when the answers of several were lost', async () => {
    const { publisher, sender } = await startKnown();
    const outcomes = [...'abcd'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    for (const request of sender.requests.splice(0)) {
      request.writeSilently();
      request.refuse('broker-unavailable');
    }
    sender.isHolding = false;
    await until(() => outcomes.every(({ state }) => state === 'broker'));
    expect(written(sender)).toEqual(['0', ...'abcd']);
  });

  it('writes what stands behind a refused batch under a new identity', async () => {
    const { publisher, sender } = await startKnown({ settings: { retries: 1 } });
    const outcomes = [...'abc'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    const [a, b] = sender.requests.splice(0);
    b!.ack(); // the broker misses what stands before it
    await turn();
    a!.refuse('record-refused');
    sender.isHolding = false;
    await until(() => outcomes.every(({ state }) => state !== 'pending'));
    expect(outcomes.map(({ state }) => state)).toEqual(['record-refused', 'broker', 'broker']);
    expect(written(sender)).toEqual(['0', 'b', 'c']);
  });

  it('hands all of them to the fallback in their order, as they were sent', async () => {
    const fallback = new MemoryFallbackLog();
    const { publisher, sender } = await startKnown({ fallback, settings: { timeoutMs: 200, retries: 0 } });
    const outcomes = [...'abc'].map((name) => outcomeOf(publisher.publish('t', [full(name)])));
    await turn();
    const [a, b] = sender.requests;
    a!.writeSilently();
    b!.refuse('broker-unavailable');
    await until(() => outcomes.every(({ state }) => state === 'fallback'));
    sender.isHolding = false;
    for (const entry of fallback.entries) {
      if ('sealed' in entry) await sender.send(entry.sealed);
      else await sender.send([]);
    }
    expect(fallback.entries.map((entry) => 'sealed' in entry)).toEqual([true, true, false]);
    expect(written(sender)).toEqual(['0', 'a', 'b']);
  });
});

describe('RecordPublisher that is busy', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  /** Eight callers have just been answered. */
  async function startBusy() {
    const parts = await start({ settings: { timeoutMs: 5_000 } });
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'performance', 'nextTick', 'queueMicrotask'] });
    const calls = [...'abcdefgh'].map((value) => parts.publisher.publish('t', [record(value)]));
    await turn();
    parts.sender.requests.shift()!.ack();
    await Promise.all(calls);
    return parts;
  }

  it('waits at most 5 ms for the next requests of those it has answered', async () => {
    const { publisher, sender } = await startBusy();
    void publisher.publish('t', [record('x')]);
    await turn();
    void publisher.publish('t', [record('y')]);
    await turn();
    expect(sender.requests).toEqual([]);
    jest.advanceTimersByTime(5);
    await turn();
    expect(sender.requests.map(({ values }) => values)).toEqual([['x', 'y']]);
    sender.requests[0]!.ack();
    await turn();
    void publisher.publish('t', [record('z')]);
    await turn();
    expect(sender.requests[1]!.values).toEqual(['z']);
    sender.requests[1]!.ack();
  });

  it('does not wait any more when as many are there as it has answered', async () => {
    const { publisher, sender } = await startBusy();
    const calls = [...'stuvwxy'].map((value) => publisher.publish('t', [record(value)]));
    await turn();
    expect(sender.requests).toEqual([]);
    calls.push(publisher.publish('t', [record('z')]));
    await turn();
    expect(sender.requests.map(({ values }) => values)).toEqual([[...'stuvwxyz']]);
    sender.requests[0]!.ack();
    await Promise.all(calls);
  });

  it('does not wait when the batch is full', async () => {
    const { publisher, sender } = await startBusy();
    sender.isHolding = false;
    const calls = [...'xyz'].map((value) => publisher.publish('t', [record(value.repeat(600))]));
    await turn();
    expect(sender.written().some((value) => value.startsWith('x'))).toBe(true);
    jest.advanceTimersByTime(5);
    await Promise.all(calls);
  });
});
