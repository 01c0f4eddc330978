import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../testing/origin.fixture.ts';
import { IdTable, type UuidWords, wordsOf } from './id-table.ts';
import { EventDelivery, GENERATIONS, RecentIds } from './id-memory.ts';

const A = idOf(1);
const B = idOf(2);

const TOPIC = 'select-color';
const FINGERPRINT = 1;
const of = (id: string): UuidWords => wordsOf(id, TOPIC);
const newDelivery = (): EventDelivery => new EventDelivery(TOPIC, 'client');

function recentIds(capacity: number): RecentIds {
  return new RecentIds(capacity, new IdTable(Math.ceil(capacity / GENERATIONS), GENERATIONS));
}

/** Takes these ids for one delivery. */
function taken(ids: RecentIds, ...all: string[]): EventDelivery {
  const delivery = newDelivery();
  for (const id of all) remember(ids, id, delivery);
  return delivery;
}

function remember(ids: RecentIds, id: string, delivery: EventDelivery, fingerprint = FINGERPRINT): void {
  delivery.ids.push(id);
  ids.remember(of(id), fingerprint, delivery);
}

describe('RecentIds', () => {
  it('knows the delivery of an id while it is open', () => {
    const ids = recentIds(10);
    const open = taken(ids, A);
    expect(ids.find(of(A))).toBe(open);
    expect(ids.find(of(B))).toBeUndefined();
  });

  it('knows of an id that it is durable, and where', async () => {
    const ids = recentIds(10);
    const inKafka = taken(ids, A);
    const inSpool = taken(ids, B);
    inSpool.done = Promise.resolve('spool');
    ids.durable(inKafka, 'kafka');
    ids.durable(inSpool, 'spool');
    expect(ids.find(of(A))?.state).toBe('durable');
    expect(await ids.find(of(A))?.done).toBe('kafka');
    expect(await ids.find(of(B))?.done).toBe('spool');
  });

  it('forgets a delivery that failed, and takes the next one of the same id', () => {
    const ids = recentIds(10);
    ids.failed(taken(ids, A));
    expect(ids.find(of(A))).toBeUndefined();
    const second = taken(ids, A);
    expect(ids.find(of(A))).toBe(second);
  });

  it('remembers at least half of its capacity and at most all of it', () => {
    const ids = recentIds(1_000);
    for (let number = 0; number < 10_000; number += 1) ids.durable(taken(ids, idOf(number)), 'kafka');
    const known = Array.from({ length: 10_000 }, (_, number) => number).filter((n) => ids.find(of(idOf(n))));
    expect(known.length).toBeGreaterThanOrEqual(500);
    expect(known.length).toBeLessThanOrEqual(1_000);
    expect(known.at(-1)).toBe(9_999);
    expect(known).toEqual(known.map((_, index) => known[0]! + index));
  });

  it('takes no id for durable whose delivery is open or failed, however many ids that has', () => {
    const ids = recentIds(8);
    const all = Array.from({ length: 20 }, (_, number) => idOf(number));
    const open = taken(ids, ...all);
    const found = all.map((id) => ids.find(of(id))).filter((delivery) => delivery !== undefined);
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(new Set(found)).toEqual(new Set([open]));
    taken(ids, idOf(100));
    ids.failed(open);
    expect(all.filter((id) => ids.find(of(id)))).toEqual([]);
  });

  it('does not lose what is durable to requests that are repeated and fail, however often', () => {
    const ids = recentIds(10);
    ids.durable(taken(ids, A), 'kafka');
    for (let attempt = 0; attempt < 1_000; attempt += 1) ids.failed(taken(ids, B));
    expect(ids.find(of(A))?.state).toBe('durable');
    expect(ids.find(of(B))).toBeUndefined();
    ids.durable(taken(ids, B), 'kafka');
    expect([A, B].map((id) => ids.find(of(id))?.state)).toEqual(['durable', 'durable']);
  });

  it('says of each id what became of its own delivery, whatever happens in whatever order', () => {
    const ids = recentIds(64);
    const random = xorshift(20_261_128);
    const expected = new Map<string, EventDelivery>();
    const open: EventDelivery[] = [];
    const settled = (delivery: EventDelivery): void => {
      if (random(3) === 0) ids.failed(delivery);
      else ids.durable(delivery, random(2) === 0 ? 'kafka' : 'spool');
    };
    for (let round = 0; round < 20_000; round += 1) {
      // One request to two topics has two deliveries.
      const deliveries = [newDelivery(), newDelivery()];
      for (let n = random(6); n > 0; n -= 1) {
        const delivery = deliveries[random(2)]!;
        const id = idOf(random(200));
        const found = ids.find(of(id));
        if (found !== undefined) expect(found.state).toBe(expected.get(id)?.state);
        else if (expected.get(id)?.state !== 'failed') expected.delete(id);
        if (found !== undefined) continue;
        remember(ids, id, delivery);
        expected.set(id, delivery);
      }
      open.push(...deliveries);
      if (random(2) === 0) settled(open.splice(random(open.length), 1)[0]!);
      while (open.length > 10) settled(open.shift()!);
    }
    expect(expected.size).toBeGreaterThan(100);
  });

  it('tells an event from another of the same id, whichever generation knows it', () => {
    const ids = recentIds(4);
    remember(ids, A, newDelivery(), 7);
    for (let n = 10; n < 12; n += 1) taken(ids, idOf(n));
    expect([7, 8].map((fingerprint) => ids.isSame(of(A), fingerprint))).toEqual([true, false]);
    expect(ids.find(wordsOf(A, 'page-view'))).toBeUndefined();
  });
});

/** Marsaglia's xorshift: the same numbers below `limit` at each run. */
function xorshift(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}
