import { beforeEach, describe, expect, it } from '@jest/globals';
import { FileStoreError } from '../hdfs/file-store-error.ts';
import { type FileStoreFault, MemoryFileStore } from '../../testing/file-store.double.ts';
import { findFile } from '../search/find-file.ts';
import {
  committedOffsets,
  openWriter,
  pathAt,
  ROOT,
  silentLogger,
  type WriterFacts,
} from '../../testing/chain.fixture.ts';
import { pointerPath, stagingPath } from '../chain/file-name.ts';
import {
  assignmentAt,
  HALF_PAST_NINE,
  rangeOf,
  recordsBetween,
  TOPIC,
} from '../../testing/records.fixture.ts';
import { Compaction, type CompactionOptions } from './compaction.ts';

const HOUR_MS = 3_600_000;
const MIB = 1 << 20;
const chain = { root: ROOT, topic: TOPIC, partition: 0 };
const signal = new AbortController().signal;
const offsets = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => from + index);

describe('Compaction', () => {
  let nowMs: number;
  let store: MemoryFileStore;

  beforeEach(() => {
    nowMs = HALF_PAST_NINE;
    store = new MemoryFileStore(undefined, () => nowMs);
  });

  /** Files that begin at the given offsets; the last of them is the end. */
  const fill = async (places: readonly number[], facts: WriterFacts = {}, timestampMs = HALF_PAST_NINE) => {
    const writer = openWriter(store, assignmentAt(places[0]!), { nowMs: () => nowMs, ...facts });
    for (const [index, from] of places.slice(0, -1).entries()) {
      const until = places[index + 1]!;
      await writer.write(rangeOf(from, until, recordsBetween(from, until, { timestampMs })), signal);
    }
  };
  const compact = (committed = 1_000, options: Partial<CompactionOptions> = {}) =>
    new Compaction(store, silentLogger, {
      root: ROOT,
      quietMs: 2 * HOUR_MS,
      withinDays: 8,
      targetBytes: 128 * MIB,
      dryRun: false,
      stopping: signal,
      nowMs: () => nowMs,
      ...options,
    }).run(new Map([[TOPIC, new Map([[0, BigInt(committed)]])]]));
  const published = () => [...store.files.keys()].filter((path) => path.startsWith(`${ROOT}/${TOPIC}/`));

  it('makes one file of a closed hour, with the same rows in the same order', async () => {
    await fill([0, 3, 5, 9]);
    nowMs += 4 * HOUR_MS;
    expect(await compact()).toEqual({ before: 3, after: 1, failed: 0 });
    expect(published()).toEqual([pathAt(0)]);
    expect(committedOffsets(store)).toEqual(offsets(0, 9));
    expect((await store.describe(pathAt(0)))?.attributes).toMatchObject({ endOffset: 8n, records: 9 });
  });

  it('joins again what was joined, when more has come', async () => {
    await fill([0, 3, 5]);
    nowMs += 4 * HOUR_MS;
    await compact();
    await fill([5, 7, 8], { nowMs: () => nowMs });
    nowMs += 4 * HOUR_MS;
    await compact();
    expect(published()).toEqual([pathAt(0)]);
    expect(committedOffsets(store)).toEqual(offsets(0, 8));
  });

  it('leaves alone an hour that is not over, or whose folder was touched lately', async () => {
    await fill([0, 3, 5]);
    nowMs += 2.4 * HOUR_MS;
    expect(await compact()).toMatchObject({ before: 0 });
    nowMs += 4 * HOUR_MS;
    await fill([5, 7]);
    expect(await compact()).toMatchObject({ before: 0 });
    expect(published()).toHaveLength(3);
  });

  it('takes only files that lie wholly below the commit of the group', async () => {
    await fill([0, 3, 5, 9]);
    nowMs += 4 * HOUR_MS;
    await compact(8);
    expect(published()).toEqual([pathAt(0), pathAt(5)]);
    nowMs += 3 * HOUR_MS;
    await compact(9);
    expect(published()).toEqual([pathAt(0)]);
  });

  it('keeps the limit of size', async () => {
    await fill([0, 3, 6, 9, 12]);
    const size = store.files.get(pathAt(0))!.body.length;
    nowMs += 4 * HOUR_MS;
    await compact(1_000, { targetBytes: 2 * size + 8 });
    expect(published()).toEqual([pathAt(0), pathAt(6)]);
  });

  it('joins neither over hours, nor compressed with plain files', async () => {
    await fill([0, 3, 5]);
    await fill([5, 7, 9], { compression: 'gzip' });
    await fill([9, 11, 13], { compression: 'gzip' }, HALF_PAST_NINE + HOUR_MS);
    nowMs += 5 * HOUR_MS;
    await compact();
    expect(published()).toEqual([pathAt(0), pathAt(5, 9, '.jsonl.gz'), pathAt(9, 10, '.jsonl.gz')]);
    expect(committedOffsets(store)).toEqual(offsets(0, 13));
  });

  it('writes a compressed file as one gzip stream', async () => {
    await fill([0, 3, 5, 9], { compression: 'gzip' });
    nowMs += 4 * HOUR_MS;
    await compact();
    const { body, attributes } = store.files.get(pathAt(0, 9, '.jsonl.gz'))!;
    expect(attributes).toEqual(expect.not.objectContaining({ pieces: expect.anything() }));
    expect(body.indexOf(Buffer.from([0x1f, 0x8b, 0x08]), 1)).toBe(-1);
    expect(committedOffsets(store)).toEqual(offsets(0, 9));
  });

  it('does not replace a compressed file that lost rows', async () => {
    await fill([0, 3, 5], { compression: 'gzip' });
    const path = pathAt(0, 9, '.jsonl.gz');
    store.files.get(path)!.attributes = { ...store.files.get(path)!.attributes!, records: 4 };
    nowMs += 4 * HOUR_MS;
    expect(await compact()).toMatchObject({ failed: 1 });
    expect(committedOffsets(store)).toEqual(offsets(0, 5));
  });

  it('joins over files without rows', async () => {
    const writer = openWriter(store, assignmentAt(0));
    await writer.write(rangeOf(0, 2, recordsBetween(0, 2, { value: 'poison' })), signal);
    await writer.write(rangeOf(2, 4), signal);
    await writer.write(rangeOf(4, 6, recordsBetween(4, 6, { value: 'poison' })), signal);
    await writer.write(rangeOf(6, 8), signal);
    nowMs += 4 * HOUR_MS;
    await compact();
    expect(published()).toEqual([pathAt(0)]);
    expect(committedOffsets(store)).toEqual([2, 3, 6, 7]);
  });

  it.each<
    [keyof MemoryFileStore & ('relabel' | 'join' | 'remove' | 'replace' | 'append' | 'seal'), FileStoreFault]
  >([
    ['relabel', 'fails'],
    ['relabel', 'reply-lost'],
    ['join', 'fails'],
    ['join', 'reply-lost'],
    ['replace', 'fails'],
    ['replace', 'reply-lost'],
    ['seal', 'fails'],
    ['append', 'fails'],
  ])(
    'finishes in the next run what was interrupted at %s (%s), and readers always see each row once',
    async (operation, fault) => {
      await fill([0, 3, 5, 9], { compression: 'gzip' });
      nowMs += 4 * HOUR_MS;
      store.failNext(operation, fault);
      await compact().catch(() => undefined);
      expect(committedOffsets(store)).toEqual(offsets(0, 9));
      nowMs += 3 * HOUR_MS;
      expect(await compact()).toMatchObject({ failed: 0 });
      expect(published()).toEqual([pathAt(0, 9, '.jsonl.gz')]);
      expect(store.files.get(pathAt(0, 9, '.jsonl.gz'))!.attributes).not.toHaveProperty('pieces');
      expect(committedOffsets(store)).toEqual(offsets(0, 9));
    },
  );

  it.each([0, 3, 4, 6])(
    'is found by a writer that is set back to offset %i, whatever was done of it',
    async (start) => {
      for (const interrupted of [false, true]) {
        store = new MemoryFileStore(undefined, () => nowMs);
        await fill([0, 3, 5, 9]);
        nowMs += 4 * HOUR_MS;
        if (interrupted) store.failNext('join');
        await compact();
        const writer = openWriter(store, assignmentAt(start, false), { nowMs: () => nowMs });
        await writer.write(rangeOf(start, 12), signal);
        expect(committedOffsets(store)).toEqual(offsets(0, 12));
      }
    },
  );

  it('takes the staged file away from a zombie at a place that it frees', async () => {
    await fill([0, 3, 5]);
    const zombies = [
      stagingPath(chain, 3n, '00000000-0000-4000-8000-000000000000'),
      stagingPath(chain, 5n, '00000000-0000-4000-8000-000000000000'),
    ];
    for (const path of zombies) await store.writeNew(path, Buffer.from('late\n'));
    nowMs += 4 * HOUR_MS;
    await compact();
    expect(zombies.map((path) => store.files.has(path))).toEqual([false, true]);
  });

  it('still answers which file holds a record', async () => {
    await fill([0, 3, 5, 9]);
    nowMs += 4 * HOUR_MS;
    await compact();
    const sought = { chain, offset: 6n, receivedMs: HALF_PAST_NINE };
    expect(await findFile(store, sought, nowMs)).toBe(pathAt(0));
  });

  it('removes pointers that the group passed more than a day ago', async () => {
    for (const offset of [4n, 2_000n]) await store.writeNew(pointerPath(chain, offset), Buffer.alloc(0));
    await compact();
    expect(store.files.has(pointerPath(chain, 4n))).toBe(true);
    nowMs += 25 * HOUR_MS;
    await compact();
    expect([4n, 2_000n].map((offset) => store.files.has(pointerPath(chain, offset)))).toEqual([false, true]);
  });

  it('changes nothing in a dry run, and says the same', async () => {
    await fill([0, 3, 5, 9]);
    nowMs += 4 * HOUR_MS;
    const before = published();
    expect(await compact(1_000, { dryRun: true })).toEqual({ before: 3, after: 1, failed: 0 });
    expect(published()).toEqual(before);
    expect([...store.files.keys()].filter((path) => path.endsWith('.lock'))).toEqual([]);
  });

  it('stops between two joins when it is asked to', async () => {
    await fill([0, 3, 5]);
    nowMs += 4 * HOUR_MS;
    expect(await compact(1_000, { stopping: AbortSignal.abort() })).toMatchObject({ before: 0 });
  });

  it('goes on with other chains when one cannot be joined', async () => {
    await fill([0, 3, 5]);
    await fill([5, 7, 9], {}, HALF_PAST_NINE + HOUR_MS);
    nowMs += 5 * HOUR_MS;
    store.failNext('join');
    expect(await compact()).toEqual({ before: 2, after: 1, failed: 1 });
    expect(published()).toEqual([pathAt(0), pathAt(3), pathAt(5, 10)]);
  });

  describe('of which another one is at work', () => {
    const heldSince = async (ms: number) => {
      nowMs = HALF_PAST_NINE - ms;
      await store.writeNew(`${ROOT}/_staging/compaction.lock`, Buffer.alloc(0));
      nowMs = HALF_PAST_NINE;
    };

    it('does nothing', async () => {
      await heldSince(29 * 60_000);
      await expect(compact()).rejects.toThrow('compaction.lock was touched 1740 s ago');
    });

    it('takes over when the other one has been silent for half an hour', async () => {
      await heldSince(31 * 60_000);
      await compact();
      expect(store.files.size).toBe(0);
    });

    it('changes nothing more after it slept for ten minutes itself', async () => {
      await fill([0, 3, 5]);
      nowMs += 4 * HOUR_MS;
      const wake = store.hangNext('describe');
      const run = compact();
      await new Promise(setImmediate);
      nowMs += 11 * 60_000;
      wake();
      await expect(run).rejects.toThrow('slept for too long');
      expect(published()).toHaveLength(2);
    });
  });

  it('fails when folders cannot be listed', async () => {
    await fill([0, 3]);
    store.failNext('list');
    await expect(compact()).rejects.toThrow(FileStoreError);
  });
});
