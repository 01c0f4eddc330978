import { beforeEach, describe, expect, it } from '@jest/globals';
import { PartitionHaltedError } from '@pipeline/sink-runtime';
import { MemoryFileStore } from '../../testing/file-store.double.ts';
import { committedFiles, committedOffsets, openWriter, pathAt } from '../../testing/chain.fixture.ts';
import {
  assignmentAt,
  eventJson,
  HALF_PAST_NINE,
  rangeOf,
  recordsBetween,
} from '../../testing/records.fixture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const owned = new AbortController().signal;

describe('finding the end of the chain', () => {
  let store: MemoryFileStore;
  const asked = (operation: string) => store.asked.filter((call) => call.startsWith(`${operation} `));

  beforeEach(async () => {
    store = new MemoryFileStore();
    const writer = openWriter(store, assignmentAt(0));
    await writer.write(rangeOf(0, 10), owned);
    await writer.write(
      rangeOf(10, 20, recordsBetween(10, 20, { timestampMs: HALF_PAST_NINE + HOUR_MS })),
      owned,
    );
    store.asked.length = 0;
  });

  it('lists nothing where this pipeline committed: a fixed number of status calls is enough', async () => {
    await openWriter(store, assignmentAt(20)).write(rangeOf(20, 25), owned);
    expect(asked('list')).toEqual([]);
    expect(asked('describe')).toHaveLength(3);
  });

  it('looks only once per assignment', async () => {
    const writer = openWriter(store, assignmentAt(20));
    await writer.write(rangeOf(20, 25), owned);
    store.asked.length = 0;
    await writer.write(rangeOf(25, 30), owned);
    expect([...asked('describe'), ...asked('list')]).toEqual([]);
  });

  it('passes over every file that lies behind the commit, one after the other', async () => {
    const late = recordsBetween(10, 20, { timestampMs: HALF_PAST_NINE + HOUR_MS });
    const report = await openWriter(store, assignmentAt(0)).write(
      rangeOf(0, 20, [...recordsBetween(0, 10), ...late]),
      owned,
    );
    expect(report).toEqual({ written: 0, duplicates: 20, rejected: [] });
    expect(asked('list')).toEqual([]);
  });

  it.each([
    ['lost', assignmentAt(null)],
    ['reset to the beginning', assignmentAt(0, false)],
    ['set by an operator to the middle of a file', assignmentAt(4, false)],
  ])('lists when the offset was %s, and stores only what is new', async (_, assignment) => {
    const start = Number(assignment.committedOffset ?? 0);
    const records = [
      ...recordsBetween(start, 10),
      ...recordsBetween(10, 25, { timestampMs: HALF_PAST_NINE + HOUR_MS }),
    ];
    const report = await openWriter(store, assignment).write(rangeOf(start, 25, records), owned);
    expect(report).toMatchObject({ written: 5, duplicates: 20 - start });
    expect(committedOffsets(store)).toEqual(Array.from({ length: 25 }, (_value, offset) => offset));
  });

  it('lists newest folders first and stops at the first file of the partition', async () => {
    await openWriter(store, assignmentAt(null)).write(rangeOf(0, 10), owned);
    expect(asked('list')).toEqual([
      'list /pipeline/select-color',
      'list /pipeline/select-color/dt=2026-11-22',
      'list /pipeline/select-color/dt=2026-11-22/hour=10',
    ]);
  });

  it('does not trust a commit that the records do not start at, for records have expired', async () => {
    const records = recordsBetween(15, 25, { timestampMs: HALF_PAST_NINE + HOUR_MS });
    const report = await openWriter(store, assignmentAt(10)).write(rangeOf(15, 25, records), owned);
    expect(report).toMatchObject({ written: 5, duplicates: 5 });
  });

  it('starts where it is told when an operator moved on beyond the chain', async () => {
    await openWriter(store, assignmentAt(40, false)).write(rangeOf(40, 45), owned);
    expect(Object.keys(committedFiles(store)).sort()).toEqual([pathAt(0), pathAt(40), pathAt(10, 10)].sort());
  });

  it('looks again when the ranges of an assignment run back', async () => {
    const writer = openWriter(store, assignmentAt(20));
    await writer.write(
      rangeOf(20, 25, recordsBetween(20, 25, { timestampMs: HALF_PAST_NINE + HOUR_MS })),
      owned,
    );
    await expect(writer.write(rangeOf(0, 10), owned)).resolves.toMatchObject({ written: 0, duplicates: 10 });
    expect(asked('list')).not.toEqual([]);
  });

  it('goes on behind a pointer only in the direction that loses nothing when the files are gone', async () => {
    await openWriter(store, assignmentAt(0)).write(rangeOf(0, 5), owned);
    for (const path of Object.keys(committedFiles(store))) store.files.delete(path);
    const report = await openWriter(store, assignmentAt(5, false)).write(rangeOf(5, 10), owned);
    expect(report).toMatchObject({ written: 5, duplicates: 0 });
  });

  it('goes on where the chain ends when it is set into a gap that was committed', async () => {
    await openWriter(store, assignmentAt(20)).write(rangeOf(20, 24, []), owned);
    const late = recordsBetween(24, 26, { timestampMs: HALF_PAST_NINE + HOUR_MS });
    await openWriter(store, assignmentAt(22, false)).write(rangeOf(22, 26, late), owned);
    expect(Object.keys(committedFiles(store)).at(-1)).toBe(pathAt(20, 10));
  });

  describe('stops the partition with an alarm', () => {
    const otherRecords = (from: number, until: number) =>
      recordsBetween(from, until, { value: eventJson('"other":1') });

    it('when the file at the start offset begins with another record', async () => {
      const writing = openWriter(store, assignmentAt(0)).write(rangeOf(0, 10, otherRecords(0, 10)), owned);
      await expect(writing).rejects.toThrow(PartitionHaltedError);
      await expect(writing).rejects.toMatchObject({ code: 'foreign-file' });
    });

    it('when a recreated topic starts over at offsets that are stored', async () => {
      const records = recordsBetween(0, 5, { timestampMs: HALF_PAST_NINE + DAY_MS });
      const writing = openWriter(store, assignmentAt(null)).write(rangeOf(0, 5, records), owned);
      await expect(writing).rejects.toMatchObject({ name: 'PartitionHaltedError', code: 'foreign-file' });
      expect(committedOffsets(store)).toHaveLength(20);
    });

    it('when a file does not say where it ends', async () => {
      delete store.files.get(pathAt(0))?.attributes;
      const writing = openWriter(store, assignmentAt(0)).write(rangeOf(0, 10), owned);
      await expect(writing).rejects.toMatchObject({ name: 'PartitionHaltedError', code: 'unreadable-file' });
    });
  });
});
