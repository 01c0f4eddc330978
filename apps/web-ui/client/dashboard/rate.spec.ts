import { describe, expect, it } from '@jest/globals';
import { type Timeline } from '../history/timeline.ts';
import { expectedBand, isUnusual } from './expected-band.ts';
import { picksOver, rateNow } from './rate.ts';
import { stackedShare } from './stacked-share.ts';

const red = (count: number) => [count, 0, 0, 0, 0, 0, 0];
const timelineOf = (counts: readonly number[]): Timeline => ({
  starts: counts.map((_, index) => index * 2_000),
  counts: counts.map(red),
  byColor: red(0),
  views: counts.map(() => 0),
  total: 0,
  pageViews: 0,
});
const steady = Array.from({ length: 40 }, (_, index) => 100 + (index % 5));

describe('the expected band', () => {
  it('says nothing before it has seen enough', () => {
    expect(expectedBand(steady).slice(0, 11).map(Boolean)).toEqual([...Array<boolean>(10).fill(false), true]);
  });

  it('holds a steady rate and none of its spikes and falls, however many there are', () => {
    const counts = steady.map((count, index) => (index === 20 ? 400 : index === 25 ? 0 : count));
    const band = expectedBand(counts);
    const unusual = counts.flatMap((count, index) => (isUnusual(count, band[index] ?? null) ? [index] : []));
    expect(unusual).toEqual([20, 25]);
  });

  it('takes a handful of clicks for no anomaly', () => {
    const counts = [...Array<number>(30).fill(0), 3];
    expect(isUnusual(3, expectedBand(counts)[30] ?? null)).toBe(false);
  });
});

describe('the picks of a range', () => {
  const episodesOf = (counts: readonly number[]) =>
    picksOver(timelineOf(counts)).episodes.map(({ from, to }) => [from, to]);
  const quiet = (slices: number) => Array<number>(slices).fill(0);
  const busy = (slices: number) => Array<number>(slices).fill(25);

  it('are counted by slice', () => {
    const { times, counts } = picksOver(timelineOf([4, 6, 1]));
    expect([times, counts]).toEqual([
      [0, 2, 4],
      [4, 6, 1],
    ]);
  });

  it('have one unusual episode for each change, however long it takes until that is usual', () => {
    expect(episodesOf([1, ...quiet(60), ...busy(90), ...quiet(60)])).toEqual([
      [151, expect.any(Number)],
      [61, expect.any(Number)],
    ]);
  });

  it('have no episode for what is only the first of all events, nor for a handful of clicks', () => {
    expect(episodesOf([...quiet(60), ...busy(40)])).toEqual([]);
    expect(episodesOf([1, ...quiet(40), 3, ...quiet(40)])).toEqual([]);
  });

  it('are not judged in the slice under way', () => {
    expect(episodesOf([...busy(60), 0])).toEqual([]);
  });

  it('say how many there were instead of how many', () => {
    const [burst] = picksOver(timelineOf([...busy(60), 400, ...busy(5)])).episodes;
    expect(burst).toEqual({ from: 60, to: 60, mean: 400, expected: 25 });
  });
});

describe('the rate', () => {
  it('now is that of the last ten whole seconds', () => {
    const live = new Map([100, 101, 110, 111].map((second) => [second, red(10)] as const));
    expect(rateNow(live, 111_500)).toBe(2);
  });

  it('has bots only where they are asked for', () => {
    const live = new Map([[110, [...red(10), 0, ...red(20)]]]);
    expect([rateNow(live, 111_500), rateNow(live, 111_500, true)]).toEqual([1, 3]);
  });
});

describe('the share', () => {
  it('stacks to a hundred, and an empty slice has none', () => {
    const timeline = { ...timelineOf([0, 0]), counts: [[1, 0, 1, 0, 0, 0, 2], red(0)] };
    expect(stackedShare(timeline).map(([first]) => first)).toEqual([25, 25, 50, 50, 50, 50, 100]);
    expect(stackedShare(timeline).map(([, second]) => second)).toEqual(Array(7).fill(null));
  });
});
