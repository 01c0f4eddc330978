import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryFileStore } from '../../testing/file-store.double.ts';
import { committedFiles, committedOffsets, openWriter, pathAt } from '../../testing/chain.fixture.ts';
import { COMMIT_STEPS, type CommitStep } from './file-publisher.ts';
import {
  assignmentAt,
  eventJson,
  HALF_PAST_NINE,
  rangeOf,
  recordAt,
  recordsBetween,
} from '../../testing/records.fixture.ts';

const HOUR_MS = 3_600_000;
const owned = new AbortController().signal;
const offsets = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => from + index);

describe('HdfsPartitionWriter', () => {
  let store: MemoryFileStore;

  beforeEach(() => {
    store = new MemoryFileStore();
  });

  describe('a range', () => {
    it('becomes one file, named by its start offset, in the hour of its first record, with lineage in each row', async () => {
      const report = await openWriter(store, assignmentAt(100)).write(rangeOf(100, 102), owned);
      expect(report).toEqual({ written: 2, duplicates: 0, rejected: [] });
      const event = JSON.parse(eventJson('"n":0')) as object;
      expect(committedFiles(store)).toEqual({
        [pathAt(100)]: [
          { ...event, n: 100, kafka_topic: 'select-color', kafka_partition: 0, kafka_offset: 100 },
          { ...event, n: 101, kafka_topic: 'select-color', kafka_partition: 0, kafka_offset: 101 },
        ],
      });
    });

    it('tells its end, its rows and its first record by attributes', async () => {
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 105), owned);
      expect(store.files.get(pathAt(100))?.attributes).toMatchObject({
        endOffset: 104n,
        records: 5,
        firstRecord: expect.stringMatching(/^select-color@100@\d+@[0-9a-f]{16}$/) as unknown,
        maxTimestampMs: HALF_PAST_NINE,
      });
    });

    it('that spans hours becomes one file per hour, in order', async () => {
      const records = [
        ...recordsBetween(0, 2),
        ...recordsBetween(2, 5, { timestampMs: HALF_PAST_NINE + HOUR_MS }),
        ...recordsBetween(5, 6, { timestampMs: HALF_PAST_NINE + 3 * HOUR_MS }),
      ];
      const report = await openWriter(store, assignmentAt(0)).write(rangeOf(0, 6, records), owned);
      expect(report.written).toBe(6);
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(0), pathAt(2, 10), pathAt(5, 12)]);
      expect(committedOffsets(store)).toEqual(offsets(0, 6));
    });

    it('has its gaps inside its files, so that the next file starts where the range ends', async () => {
      const writer = openWriter(store, assignmentAt(10));
      await writer.write(rangeOf(10, 20, [recordAt(12), recordAt(15)]), owned);
      await writer.write(rangeOf(20, 22), owned);
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(10), pathAt(20)]);
      expect(store.files.get(pathAt(10))?.attributes?.endOffset).toBe(19n);
    });

    it('reports what can never be a row, with its reason, and keeps it out of the file but inside the range', async () => {
      const bad = ['not json', null, Buffer.from([0x7b, 0xff, 0x7d]), '[1]'];
      const records = [...bad.map((value, index) => recordAt(index, { value })), recordAt(4)];
      const { written, rejected } = await openWriter(store, assignmentAt(0)).write(
        rangeOf(0, 5, records),
        owned,
      );
      expect(written).toBe(1);
      expect(rejected.map(({ code }) => code)).toEqual([
        'not-json',
        'tombstone',
        'invalid-utf8',
        'not-an-object',
      ]);
      expect(rejected.map(({ record }) => record)).toEqual(records.slice(0, 4));
      expect(committedOffsets(store)).toEqual([4]);
    });

    it('without a single storable record still takes its place in the chain, as an empty file', async () => {
      const { rejected } = await openWriter(store, assignmentAt(0)).write(
        rangeOf(0, 2, recordsBetween(0, 2, { value: '?' })),
        owned,
      );
      expect(rejected).toHaveLength(2);
      expect(committedFiles(store)).toEqual({ [pathAt(0)]: [] });
      expect(store.files.get(pathAt(0))?.attributes).toMatchObject({ endOffset: 1n, records: 0 });
    });

    it('leaves nothing in the staging folder', async () => {
      await openWriter(store, assignmentAt(0)).write(rangeOf(0, 2), owned);
      expect([...store.files.keys()]).toEqual([pathAt(0)]);
    });

    it('is compressed when asked, and described as well as a plain file', async () => {
      await openWriter(store, assignmentAt(0), { compression: 'gzip' }).write(rangeOf(0, 3), owned);
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(0, 9, '.jsonl.gz')]);
      expect(committedOffsets(store)).toEqual([0, 1, 2]);
      expect(store.files.get(pathAt(0, 9, '.jsonl.gz'))?.attributes).toMatchObject({
        endOffset: 2n,
        records: 3,
      });
    });
  });

  describe('of two writers at one offset', () => {
    it('the second goes on behind the first and stores only the rest', async () => {
      const zombie = openWriter(store, assignmentAt(100));
      const owner = openWriter(store, assignmentAt(100));
      const release = store.hangNext('publish');
      const late = zombie.write(rangeOf(100, 104), owned);
      await expect(owner.write(rangeOf(100, 110), owned)).resolves.toMatchObject({
        written: 10,
        duplicates: 0,
      });
      release();
      await expect(late).resolves.toMatchObject({ written: 0, duplicates: 4 });
      await expect(owner.write(rangeOf(110, 112), owned)).resolves.toMatchObject({ written: 2 });
      expect(committedOffsets(store)).toEqual(offsets(100, 112));
    });

    it('the second, when the first stored less, continues at the end of the first', async () => {
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 103), owned);
      const report = await openWriter(store, assignmentAt(100)).write(rangeOf(100, 110), owned);
      expect(report).toMatchObject({ written: 7, duplicates: 3 });
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(100), pathAt(103)]);
    });

    it('the second, when the first stored more than its range, remembers where the chain stands', async () => {
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 150), owned);
      const second = openWriter(store, assignmentAt(100));
      await expect(second.write(rangeOf(100, 120), owned)).resolves.toMatchObject({
        written: 0,
        duplicates: 20,
      });
      await expect(second.write(rangeOf(120, 160), owned)).resolves.toMatchObject({
        written: 10,
        duplicates: 30,
      });
      expect(committedOffsets(store)).toEqual(offsets(100, 160));
    });

    it('the second leaves a pointer for whoever starts at what it is about to commit inside the file of the first', async () => {
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 150), owned);
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 120), owned);
      const third = openWriter(store, assignmentAt(120));
      await expect(third.write(rangeOf(120, 160), owned)).resolves.toMatchObject({
        written: 10,
        duplicates: 30,
      });
      expect(committedOffsets(store)).toEqual(offsets(100, 160));
    });

    it('the second, when nothing but a gap is left to it, leaves the gap to the next file', async () => {
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 105), owned);
      await openWriter(store, assignmentAt(100)).write(rangeOf(100, 108, recordsBetween(100, 105)), owned);
      await openWriter(store, assignmentAt(108)).write(rangeOf(108, 110), owned);
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(100), pathAt(105)]);
      expect(store.files.get(pathAt(105))?.attributes?.endOffset).toBe(109n);
    });
  });

  describe('after a crash', () => {
    it.each(COMMIT_STEPS)(
      'at step "%s" the next owner stores everything once',
      async (crashStep: CommitStep) => {
        const reached: CommitStep[] = [];
        const hook = (step: CommitStep) => {
          reached.push(step);
          return step === crashStep ? new Promise<void>(() => undefined) : undefined;
        };
        void openWriter(store, assignmentAt(0), { hook }).write(rangeOf(0, 5), owned);
        await new Promise(setImmediate);
        expect(reached).toEqual(COMMIT_STEPS.slice(0, COMMIT_STEPS.indexOf(crashStep) + 1));
        const { written, duplicates } = await openWriter(store, assignmentAt(0)).write(rangeOf(0, 8), owned);
        expect(written + duplicates).toBe(8);
        expect(committedOffsets(store)).toEqual(offsets(0, 8));
      },
    );

    it('between rename and offset commit the replay uploads nothing', async () => {
      await openWriter(store, assignmentAt(0)).write(rangeOf(0, 5), owned);
      store.asked.length = 0;
      const report = await openWriter(store, assignmentAt(0)).write(rangeOf(0, 5), owned);
      expect(report).toEqual({ written: 0, duplicates: 5, rejected: [] });
      expect(store.asked.filter((call) => !call.startsWith('describe'))).toEqual([]);
    });

    it('the replay rejects poison again, for its dead letter may never have been sent', async () => {
      const range = rangeOf(0, 2, [recordAt(0, { value: '?' }), recordAt(1)]);
      await openWriter(store, assignmentAt(0)).write(range, owned);
      const report = await openWriter(store, assignmentAt(0)).write(range, owned);
      expect(report).toMatchObject({ written: 0, duplicates: 1, rejected: [{ code: 'not-json' }] });
    });

    it('a file is found although the compression setting has changed', async () => {
      await openWriter(store, assignmentAt(0), { compression: 'gzip' }).write(rangeOf(0, 5), owned);
      await openWriter(store, assignmentAt(0)).write(rangeOf(0, 8), owned);
      expect(Object.keys(committedFiles(store))).toEqual([pathAt(0, 9, '.jsonl.gz'), pathAt(5)]);
    });
  });

  describe('when the store fails', () => {
    it('with the answer to the rename lost, the records count as written, once', async () => {
      store.failNext('publish', 'reply-lost');
      const report = await openWriter(store, assignmentAt(0)).write(rangeOf(0, 5), owned);
      expect(report).toEqual({ written: 5, duplicates: 0, rejected: [] });
      expect(committedOffsets(store)).toEqual(offsets(0, 5));
    });

    it('with the look after it failing too, the next try recognises its own file and uploads nothing', async () => {
      const writer = openWriter(store, assignmentAt(0));
      await writer.write(rangeOf(0, 1), owned);
      store.failNext('publish', 'reply-lost');
      store.failNext('describe');
      await expect(writer.write(rangeOf(1, 5), owned)).rejects.toThrow();
      store.asked.length = 0;
      await expect(writer.write(rangeOf(1, 5), owned)).resolves.toMatchObject({ written: 4, duplicates: 0 });
      expect(store.asked.filter((call) => call.startsWith('writeNew'))).toEqual([]);
      expect(committedOffsets(store)).toEqual(offsets(0, 5));
    });

    it.each(['writeNew', 'seal', 'publish'] as const)(
      'in %s, it says so, and the next try stores everything',
      async (operation) => {
        const writer = openWriter(store, assignmentAt(0));
        store.failNext(operation);
        await expect(writer.write(rangeOf(0, 5), owned)).rejects.toMatchObject({
          name: 'FileStoreError',
        });
        expect(committedOffsets(store)).toEqual([]);
        await expect(writer.write(rangeOf(0, 5), owned)).resolves.toMatchObject({ written: 5 });
        expect([...store.files.keys()]).toEqual([pathAt(0)]);
      },
    );

    it('after the first of two hours, the next try counts both as written', async () => {
      const records = [
        ...recordsBetween(0, 2),
        ...recordsBetween(2, 5, { timestampMs: HALF_PAST_NINE + HOUR_MS }),
      ];
      let failures = 1;
      const hook = (step: CommitStep) => {
        if (step === 'renamed' && failures-- > 0) store.failNext('writeNew');
      };
      const writer = openWriter(store, assignmentAt(0), { hook });
      await expect(writer.write(rangeOf(0, 5, records), owned)).rejects.toThrow();
      expect(committedOffsets(store)).toEqual(offsets(0, 2));
      await expect(writer.write(rangeOf(0, 5, records), owned)).resolves.toMatchObject({
        written: 5,
        duplicates: 0,
      });
      expect(committedOffsets(store)).toEqual(offsets(0, 5));
    });

    it('and keeps only a part of an upload, the part is never published', async () => {
      const writer = openWriter(store, assignmentAt(0));
      store.failNext('writeNew', 'truncates');
      await expect(writer.write(rangeOf(0, 5), owned)).rejects.toMatchObject({ code: 'truncated' });
      expect(committedOffsets(store)).toEqual([]);
      await writer.write(rangeOf(0, 5), owned);
      expect(committedOffsets(store)).toEqual(offsets(0, 5));
    });
  });

  describe('once the partition is revoked', () => {
    it('starts nothing', async () => {
      const writer = openWriter(store, assignmentAt(0));
      await expect(writer.write(rangeOf(0, 5), AbortSignal.abort())).rejects.toThrow();
      expect(store.asked).toEqual([]);
    });

    it.each([
      ['writeNew', ['writeNew']],
      ['seal', ['writeNew', 'seal']],
    ] as const)('during %s, it does not go on to the rename', async (operation, asked) => {
      const writer = openWriter(store, assignmentAt(0));
      const revocation = new AbortController();
      const release = store.hangNext(operation);
      const writing = writer.write(rangeOf(0, 5), revocation.signal);
      await new Promise(setImmediate);
      revocation.abort();
      release();
      await expect(writing).rejects.toThrow();
      expect(store.asked.map((call) => call.split(' ')[0]).filter((name) => name !== 'describe')).toEqual(
        asked,
      );
    });
  });
});
