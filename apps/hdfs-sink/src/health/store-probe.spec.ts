import { beforeEach, describe, expect, it } from '@jest/globals';
import { Readiness } from '@pipeline/observability';
import { MemoryFileStore } from '../hdfs/memory.file-store.ts';
import { ROOT, silentLogger } from '../write/chain-fixtures.ts';
import { StoreProbe } from './store-probe.ts';

describe('readiness', () => {
  let nowMs: number;
  let store: MemoryFileStore;
  let readiness: Readiness;
  let probe: StoreProbe;
  const reason = () => readiness.notReady().hdfs;

  beforeEach(() => {
    nowMs = 0;
    store = new MemoryFileStore();
    readiness = new Readiness();
    const facts = { path: ROOT, logger: silentLogger, intervalMs: 5_000, nowMs: () => nowMs };
    probe = new StoreProbe({ store, readiness, ...facts });
  });

  it('is missing until HDFS has answered', async () => {
    expect(reason()).toBe('HDFS has not answered yet');
    await probe.look();
    expect(reason()).toBeUndefined();
  });

  it('outlives a short silence, is lost in a longer one with its cause, and comes back', async () => {
    await probe.look();
    store.failNext('describe');
    nowMs = 15_000;
    await probe.look();
    expect(reason()).toBeUndefined();
    nowMs = 15_001;
    expect(reason()).toBe('HDFS: unavailable');
    await probe.look();
    expect(reason()).toBeUndefined();
  });

  it('is not looked for any more after the stop', async () => {
    const running = probe.run();
    probe.stop();
    await running;
    expect(store.asked).toHaveLength(1);
  });
});
