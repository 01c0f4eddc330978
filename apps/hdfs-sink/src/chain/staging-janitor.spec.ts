import { beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { MemoryFileStore } from '../../testing/file-store.double.ts';
import { ROOT, silentLogger } from '../../testing/chain.fixture.ts';
import { pointerPath, stagingPath } from './file-name.ts';
import { TOPIC } from '../../testing/records.fixture.ts';
import { StagingJanitor } from './staging-janitor.ts';

const DAY_MS = 86_400_000;
const chain = { root: ROOT, topic: TOPIC, partition: 0 };

describe('StagingJanitor', () => {
  let nowMs: number;
  let store: MemoryFileStore;
  let janitor: StagingJanitor;

  beforeEach(() => {
    nowMs = 10 * DAY_MS;
    store = new MemoryFileStore(new Map(), () => nowMs);
    janitor = new StagingJanitor(store, silentLogger, {
      root: ROOT,
      topics: [TOPIC, 'page-view'],
      minAgeMs: DAY_MS,
      nowMs: () => nowMs,
    });
  });

  const leave = async (path: string) => {
    await store.writeNew(path, Buffer.from('left over'));
    return path;
  };

  it('removes staging files of its topics that are too old to be alive', async () => {
    await leave(stagingPath(chain, 1n, randomUUID()));
    await leave(stagingPath({ ...chain, topic: 'page-view' }, 1n, randomUUID()));
    nowMs += DAY_MS;
    await janitor.sweep();
    expect([...store.files.keys()]).toEqual([]);
  });

  it('leaves younger ones, pointers and files of other topics', async () => {
    const kept = [
      await leave(pointerPath(chain, 1n)),
      await leave(stagingPath({ ...chain, topic: 'other' }, 1n, randomUUID())),
      await leave(`${ROOT}/_staging/README`),
    ];
    nowMs += DAY_MS;
    kept.push(await leave(stagingPath(chain, 2n, randomUUID())));
    await janitor.sweep();
    expect([...store.files.keys()]).toEqual(kept);
  });

  it('does not mind a store that fails', async () => {
    store.failNext('list');
    await expect(janitor.sweep()).resolves.toBeUndefined();
  });
});
