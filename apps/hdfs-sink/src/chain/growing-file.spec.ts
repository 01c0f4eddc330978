import { beforeEach, describe, expect, it } from '@jest/globals';
import { type PartitionWriter, StagingLostError } from '@pipeline/sink-runtime';
import { MemoryFileStore } from '../../testing/file-store.double.ts';
import { committedFiles, committedOffsets, openWriter, pathAt } from '../../testing/chain.fixture.ts';
import { type FileCompression } from './file-name.ts';
import {
  assignmentAt,
  HALF_PAST_NINE,
  rangeOf,
  recordAt,
  recordsBetween,
} from '../../testing/records.fixture.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const owned = new AbortController().signal;
const offsets = (until: number) => Array.from({ length: until }, (_, index) => index);

describe('a file that grows in the staging folder', () => {
  let store: MemoryFileStore;
  let writer: PartitionWriter;
  const stage = (from: number, until: number, records = recordsBetween(from, until)) =>
    writer.stage!(rangeOf(from, until, records), owned);

  beforeEach(() => {
    store = new MemoryFileStore();
    writer = openWriter(store, assignmentAt(0));
  });

  it('is one file of the whole range, published by the write that ends it', async () => {
    await stage(0, 3);
    await stage(3, 5);
    expect(committedFiles(store)).toEqual({});
    expect(await writer.write(rangeOf(5, 8), owned)).toEqual({ written: 8, duplicates: 0, rejected: [] });
    expect(Object.keys(committedFiles(store))).toEqual([pathAt(0)]);
    expect(committedOffsets(store)).toEqual(offsets(8));
    expect(store.files.get(pathAt(0))?.attributes).toMatchObject({ endOffset: 7n, records: 8 });
  });

  it.each<FileCompression>(['none', 'gzip'])(
    'is published when nothing more has come (%s)',
    async (compression) => {
      writer = openWriter(store, assignmentAt(0), { compression });
      await stage(0, 3);
      await stage(3, 5);
      expect(await writer.write(rangeOf(5, 5, []), owned)).toMatchObject({ written: 5 });
      expect(committedOffsets(store)).toEqual(offsets(5));
    },
  );

  it('ends where the hour does, and the next one begins there', async () => {
    await stage(0, 2);
    await stage(2, 4, [recordAt(2), recordAt(3, { timestampMs: HALF_PAST_NINE + HOUR_MS })]);
    expect(Object.keys(committedFiles(store))).toEqual([pathAt(0)]);
    await stage(4, 5, [recordAt(4, { timestampMs: HALF_PAST_NINE + 2 * HOUR_MS })]);
    expect(await writer.write(rangeOf(5, 5, []), owned)).toMatchObject({ written: 5, duplicates: 0 });
    expect(Object.keys(committedFiles(store))).toEqual([pathAt(0), pathAt(3, 10), pathAt(4, 11)]);
  });

  it('tells at once what can never be a row, and does not tell it again', async () => {
    const rejected = await stage(0, 2, [recordAt(0, { value: '?' }), recordAt(1)]);
    expect(rejected.map(({ code }) => code)).toEqual(['not-json']);
    expect(await writer.write(rangeOf(2, 3), owned)).toEqual({ written: 2, duplicates: 0, rejected: [] });
  });

  it('can be begun again after a failure, for its records are still in memory', async () => {
    store.failNext('writeNew');
    await expect(stage(0, 2)).rejects.toMatchObject({ name: 'FileStoreError' });
    await stage(0, 2);
    expect(await writer.write(rangeOf(2, 3), owned)).toMatchObject({ written: 3 });
  });

  it.each([
    ['a piece fails', 'grow', 'fails'],
    ['the answer to a piece is lost', 'grow', 'reply-lost'],
    ['a piece is cut short', 'grow', 'truncates'],
    ['its attributes cannot be set', 'seal', 'fails'],
    ['its rename fails', 'publish', 'fails'],
  ] as const)(
    'is given up when %s, and read again: each record is stored once',
    async (_, operation, fault) => {
      await stage(0, 2);
      store.failNext(operation, fault);
      const rest = async () => {
        await stage(2, 4);
        await writer.write(rangeOf(4, 6), owned);
      };
      await expect(rest()).rejects.toThrow(StagingLostError);
      await openWriter(store, assignmentAt(0)).write(rangeOf(0, 6), owned);
      expect(committedOffsets(store)).toEqual(offsets(6));
      expect([...store.files.keys()]).toEqual([pathAt(0)]);
    },
  );

  it('is given up when another writer has taken its place', async () => {
    await stage(0, 4);
    await openWriter(store, assignmentAt(0)).write(rangeOf(0, 2), owned);
    await expect(writer.write(rangeOf(4, 5), owned)).rejects.toThrow(StagingLostError);
    const again = await openWriter(store, assignmentAt(0)).write(rangeOf(0, 5), owned);
    expect(again).toMatchObject({ written: 3, duplicates: 2 });
    expect(committedOffsets(store)).toEqual(offsets(5));
  });

  it('is not published by a writer that lost its partition', async () => {
    const revocation = new AbortController();
    await writer.stage!(rangeOf(0, 4), revocation.signal);
    revocation.abort();
    await expect(writer.write(rangeOf(4, 5), revocation.signal)).rejects.toThrow();
    expect(committedFiles(store)).toEqual({});
  });

  it('looks once more before its rename when it has slept for long, and finds joined files', async () => {
    let nowMs = HALF_PAST_NINE;
    writer = openWriter(store, assignmentAt(5), { nowMs: () => nowMs });
    await writer.stage!(rangeOf(5, 8), owned);
    // Meanwhile the rightful owner stored everything, and compaction joined it into the file at 0.
    await openWriter(store, assignmentAt(0)).write(rangeOf(0, 10), owned);
    nowMs += 3 * HOUR_MS + MINUTE_MS;
    await expect(writer.write(rangeOf(8, 10), owned)).rejects.toThrow(StagingLostError);
    const again = openWriter(store, assignmentAt(5), { nowMs: () => nowMs });
    expect(await again.write(rangeOf(5, 10), owned)).toMatchObject({ written: 0, duplicates: 5 });
    expect(committedOffsets(store)).toEqual(offsets(10));
  });
});
