import { describe, expect, it } from '@jest/globals';
import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { MemoryDocumentStore } from '../../testing/document-store.double.ts';
import { eventJson, owned, rangeOf, record } from '../../testing/records.fixture.ts';
import { sinkWriterOver } from '../../testing/sink-writer.fixture.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const ID = '01932f3e-0000-4000-8000-00000000000a';
const PLACE = `select-color-2026.11.22/${ID}`;

/** A copy of one event, or another event of the same id. */
interface Copy {
  readonly partition: number;
  readonly offset: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly appendedAt?: string;
}

function rig() {
  const store = new MemoryDocumentStore();
  const sink = sinkWriterOver(store);
  const write = ({ partition, offset, fields = {}, appendedAt = '2026-11-22T12:00:00.000Z' }: Copy) => {
    const writer = sink.open({ topic: 'select-color', partition } as PartitionAssignment);
    const value = eventJson({ event_id: ID, ...fields });
    const timestamp = Date.parse(appendedAt);
    return writer.write(rangeOf([record(value, { offset, timestamp })]), owned());
  };
  return {
    store,
    write,
    stored: () => [...store.documents].map(([key, { receipt }]) => [key, receipt.partition, receipt.offset]),
  };
}

const at = (received_at: string) => ({ received_at });
const FIRST: Copy = {
  partition: 2,
  offset: 9,
  fields: { color_name: 'blue', ...at('2026-11-22T10:00:01.000Z') },
};
const SECOND: Copy = {
  partition: 0,
  offset: 4,
  fields: { color_name: 'red', ...at('2026-11-22T10:00:01.001Z') },
};

const orders = (copies: readonly Copy[]): Copy[][] =>
  copies.length < 2
    ? [[...copies]]
    : copies.flatMap((copy) =>
        orders(copies.filter((other) => other !== copy)).map((rest) => [copy, ...rest]),
      );

describe('the document of an id', () => {
  it.each(
    orders([FIRST, SECOND, { ...SECOND, offset: 5 }, { ...FIRST, partition: 1, fields: SECOND.fields! }]),
  )('is the copy that was received first, in whatever order they are written (%#)', async (...copies) => {
    const { write, stored } = rig();
    for (const copy of copies) expect((await write(copy)).rejected).toEqual([]);
    expect(stored()).toEqual([[PLACE, 2, 9]]);
    for (const copy of copies) expect(await write(copy)).toMatchObject({ written: 0, duplicates: 1 });
    expect(stored()).toEqual([[PLACE, 2, 9]]);
  });

  it('costs a look-up only where another copy was met', async () => {
    const { store, write } = rig();
    await write(FIRST);
    expect(store.lookUps).toEqual([]);
    await write(SECOND);
    expect(store.lookUps).toEqual([[PLACE]]);
  });

  it('is looked at again where it changed between the look and the replacement', async () => {
    const { store, write, stored } = rig();
    await write(SECOND);
    store.beforeReplacing = () => {
      store.beforeReplacing = () => undefined;
      const changed = store.documents.get(PLACE)!;
      store.documents.set(PLACE, {
        ...changed,
        receipt: { ...changed.receipt, offset: 3 },
        sourceBytes: 1,
      });
    };
    const error = await write(FIRST).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'conflict' });
    expect(await write(FIRST)).toMatchObject({ duplicates: 1 });
    expect(stored()).toEqual([[PLACE, 2, 9]]);
  });

  it('written by somebody else, without a time of receipt, stays', async () => {
    const { store, write } = rig();
    await write({ ...SECOND, fields: { received_at: undefined } });
    const before = store.documents.get(PLACE);
    await write(FIRST);
    expect(store.documents.get(PLACE)).toBe(before);
  });
});

describe('an event at an end of the window', () => {
  const occurredMs = Date.parse('2026-11-22T10:00:00.000Z');
  const appended = (days: number): string => new Date(occurredMs + days * DAY_MS).toISOString();
  const copies = (...days: readonly number[]): Copy[] =>
    days.map((each, n) => ({
      partition: n,
      offset: n,
      appendedAt: appended(each),
      fields: at(appended(each)),
    }));

  it.each([
    ...orders(copies(37.999, 38.001)),
    ...orders(copies(31, 40)),
    ...orders(copies(-9.999, -10.001)),
    ...orders(copies(-3, -11)),
  ])('is one document though its copies were filed on both sides of it (%#)', async (...both) => {
    const { write, stored } = rig();
    for (const copy of [...both, ...both]) await write(copy);
    expect(stored().map(([key]) => key)).toEqual([PLACE]);
  });

  it('is one document when both copies are written before either looks for the other', async () => {
    const { write, stored } = rig();
    await Promise.all(copies(37.999, 38.001).map(write));
    expect(stored().map(([key]) => key)).toEqual([PLACE]);
  });

  it('lies with the undated where it has no copy in its day', async () => {
    const { write, stored } = rig();
    for (const copy of copies(38.001, 400)) await write(copy);
    expect(stored()).toEqual([[`select-color-2099.12.31/${ID}`, 0, 0]]);
  });
});
