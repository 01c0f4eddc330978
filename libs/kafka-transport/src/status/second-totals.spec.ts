import { describe, expect, it } from '@jest/globals';
import { SecondTotals } from './second-totals.ts';

describe('the totals of seconds', () => {
  it('add up what belongs to one second of a topic', () => {
    const totals = new SecondTotals();
    totals.add('a', 10_000, 2);
    totals.add('a', 10_999, 3);
    totals.add('a', 11_000, 1);
    totals.add('b', 10_500, 7);
    expect(totals.list()).toEqual({
      a: [
        [10, 5],
        [11, 1],
      ],
      b: [[10, 7]],
    });
  });

  it('hold the latest two minutes, however long the process runs', () => {
    const totals = new SecondTotals();
    for (let second = 1; second <= 1_000; second++) totals.add('a', second * 1_000, 1);
    const { a } = totals.list();
    expect(a).toHaveLength(120);
    expect([a![0], a!.at(-1)]).toEqual([
      [881, 1],
      [1_000, 1],
    ]);
  });
});
