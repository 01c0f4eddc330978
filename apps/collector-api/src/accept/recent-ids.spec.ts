import { describe, expect, it } from '@jest/globals';
import { type Delivery, RecentIds } from './recent-ids.ts';

const delivery = (state: Delivery['state'] = 'durable'): Delivery => ({ state, done: undefined });

describe('RecentIds', () => {
  it('knows the delivery of an id', () => {
    const ids = new RecentIds(10);
    const open = delivery('open');
    ids.remember('a', open);
    expect(ids.find('a')).toBe(open);
    expect(ids.find('b')).toBeUndefined();
  });

  it('forgets a delivery that failed, and takes the next one of the same id', () => {
    const ids = new RecentIds(10);
    const first = delivery('open');
    ids.remember('a', first);
    first.state = 'failed';
    expect(ids.find('a')).toBeUndefined();
    const second = delivery();
    ids.remember('a', second);
    expect(ids.find('a')).toBe(second);
  });

  it('remembers at least half of its capacity and at most all of it', () => {
    const ids = new RecentIds(100);
    for (let number = 0; number < 10_000; number += 1) ids.remember(String(number), delivery());
    const known = Array.from({ length: 10_000 }, (_, number) => String(number)).filter((id) => ids.find(id));
    expect(known.length).toBeGreaterThanOrEqual(50);
    expect(known.length).toBeLessThanOrEqual(100);
    expect(known.at(-1)).toBe('9999');
  });

  it('remembers nothing where the capacity is 0', () => {
    const ids = new RecentIds(0);
    ids.remember('a', delivery());
    expect(ids.find('a')).toBeUndefined();
  });
});
