import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryFileStore } from '../../testing/file-store.double.ts';
import { openWriter, ROOT } from '../../testing/chain.fixture.ts';
import {
  assignmentAt,
  HALF_PAST_NINE,
  rangeOf,
  recordsBetween,
  TOPIC,
} from '../../testing/records.fixture.ts';
import { findFile } from './find-file.ts';

const HOUR_MS = 3_600_000;
const chain = { root: ROOT, topic: TOPIC, partition: assignmentAt(0).partition };
let store: MemoryFileStore;

beforeEach(async () => {
  store = new MemoryFileStore();
  const owned = new AbortController().signal;
  const writer = openWriter(store, assignmentAt(0));
  await writer.write(rangeOf(0, 10), owned);
  await writer.write(rangeOf(10, 20), owned);
  const later = recordsBetween(20, 30, { timestampMs: HALF_PAST_NINE + HOUR_MS });
  await writer.write(rangeOf(20, 30, later), owned);
  store.asked.length = 0;
});

const pathOf = (offset: number) =>
  findFile(store, { chain, offset: BigInt(offset), receivedMs: HALF_PAST_NINE }, HALF_PAST_NINE);

describe('the file of a record', () => {
  it.each([
    [0, 'hour=09', '00'],
    [9, 'hour=09', '00'],
    [10, 'hour=09', '10'],
    [25, 'hour=10', '20'],
  ])('at offset %d lies in %s and starts at %s', async (offset, hour, start) => {
    const path = await pathOf(offset);
    expect(path).toContain(`/${hour}/`);
    expect(path).toMatch(new RegExp(`${start}\\.jsonl(\\.gz)?$`));
  });

  it('is none while it is not published', async () => {
    expect(await pathOf(30)).toBeUndefined();
  });

  it('is found without looking through the world', async () => {
    await pathOf(30);
    expect(store.asked.filter((call) => call.startsWith('list '))).toHaveLength(2);
    expect(store.asked.filter((call) => call.startsWith('describe ')).length).toBeLessThanOrEqual(2);
  });
});
