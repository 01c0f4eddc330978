import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../spec-support/start-collector.ts';
import { Delivery, RecentIds } from './recent-ids.ts';

const A = idOf(1);
const B = idOf(2);

/** Takes these ids for one delivery. */
function taken(ids: RecentIds, ...all: string[]): Delivery {
  const delivery = new Delivery();
  for (const id of all) ids.remember(id, delivery);
  return delivery;
}

describe('RecentIds', () => {
  it('knows the delivery of an id while it is open', () => {
    const ids = new RecentIds(10);
    const open = taken(ids, A);
    expect(ids.find(A)).toBe(open);
    expect(ids.find(B)).toBeUndefined();
  });

  it('knows of an id that it is durable, and where', async () => {
    const ids = new RecentIds(10);
    const inKafka = taken(ids, A);
    const inSpool = taken(ids, B);
    inSpool.done = Promise.resolve('spool');
    ids.durable(inKafka, 'kafka');
    ids.durable(inSpool, 'spool');
    expect(ids.find(A)?.state).toBe('durable');
    expect(await ids.find(A)?.done).toBe('kafka');
    expect(await ids.find(B)?.done).toBe('spool');
  });

  it('forgets a delivery that failed, and takes the next one of the same id', () => {
    const ids = new RecentIds(10);
    ids.failed(taken(ids, A));
    expect(ids.find(A)).toBeUndefined();
    const second = taken(ids, A);
    expect(ids.find(A)).toBe(second);
  });

  it('remembers at least half of its capacity and at most all of it', () => {
    const ids = new RecentIds(1_000);
    for (let number = 0; number < 10_000; number += 1) ids.durable(taken(ids, idOf(number)), 'kafka');
    const known = Array.from({ length: 10_000 }, (_, number) => number).filter((n) => ids.find(idOf(n)));
    expect(known.length).toBeGreaterThanOrEqual(500);
    expect(known.length).toBeLessThanOrEqual(1_000);
    expect(known.at(-1)).toBe(9_999);
    expect(known).toEqual(known.map((_, index) => known[0]! + index));
  });

  it('takes no id for durable whose delivery is open or failed, however many ids that has', () => {
    const ids = new RecentIds(8);
    const all = Array.from({ length: 20 }, (_, number) => idOf(number));
    const open = taken(ids, ...all);
    const found = all.map((id) => ids.find(id)).filter((delivery) => delivery !== undefined);
    expect(found.length).toBeGreaterThanOrEqual(4);
    expect(new Set(found)).toEqual(new Set([open]));
    taken(ids, idOf(100));
    ids.failed(open);
    expect(all.filter((id) => ids.find(id))).toEqual([]);
  });

  it('remembers nothing where the capacity is 0', () => {
    const ids = new RecentIds(0);
    taken(ids, A);
    expect(ids.find(A)).toBeUndefined();
  });
});
