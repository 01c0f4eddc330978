import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger, Readiness } from '@pipeline/observability';
import { StoreProbe } from './store-probe.ts';

/** A store that is there, or fails with a code. */
class FakeStore {
  failure: string | undefined;
  asked = 0;

  ask = (): Promise<void> => {
    this.asked += 1;
    const { failure: code } = this;
    return code === undefined ? Promise.resolve() : Promise.reject(Object.assign(new Error(code), { code }));
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

describe('readiness', () => {
  let nowMs: number;
  let store: FakeStore;
  let readiness: Readiness;
  const reason = () => readiness.notReady().hdfs;

  function probeOf(toleranceMs = 0): StoreProbe {
    const facts = { store: 'HDFS', intervalMs: 1, toleranceMs, logger: createLogger('spec', 'silent') };
    return new StoreProbe({ ...facts, ask: store.ask, readiness, nowMs: () => nowMs });
  }

  beforeEach(() => {
    nowMs = 0;
    store = new FakeStore();
    readiness = new Readiness();
  });

  it('is missing until the store has answered', async () => {
    const probe = probeOf();
    expect(reason()).toBe('HDFS has not answered yet');
    await probe.look();
    expect(reason()).toBeUndefined();
  });

  it('follows the store down and up again', async () => {
    const probe = probeOf();
    const running = probe.run();
    await until(() => reason() === undefined);
    nowMs = 1;
    store.failure = 'unauthorized';
    await until(() => reason() === 'HDFS: unauthorized');
    store.failure = undefined;
    await until(() => reason() === undefined);
    probe.stop();
    await running;
  });

  it('announces that the store answers again, once for each return', async () => {
    const probe = probeOf();
    await probe.look();
    const return1 = probe.nextReturn;
    await probe.look();
    expect(return1.aborted).toBe(false);
    store.failure = 'unavailable';
    await probe.look();
    expect(return1.aborted).toBe(false);
    store.failure = undefined;
    await probe.look();
    expect([return1.aborted, probe.nextReturn.aborted]).toEqual([true, false]);
  });

  it('says the reason where the store gives one', async () => {
    const error = Object.assign(new Error('x'), { code: 'foreign-index', reason: 'day: not ours' });
    store.ask = () => Promise.reject(error);
    const probe = probeOf();
    await probe.look();
    expect(reason()).toBe('HDFS: foreign-index (day: not ours)');
  });

  it('outlives a short silence where it is told to, and is lost in a longer one', async () => {
    const probe = probeOf(15_000);
    await probe.look();
    store.failure = 'timeout';
    nowMs = 15_000;
    await probe.look();
    expect(reason()).toBeUndefined();
    nowMs = 15_001;
    expect(reason()).toBe('HDFS: timeout');
    store.failure = undefined;
    await probe.look();
    expect(reason()).toBeUndefined();
  });

  it('is not asked for any more after the stop', async () => {
    const probe = probeOf();
    const running = probe.run();
    probe.stop();
    await running;
    expect(store.asked).toBe(1);
  });
});
