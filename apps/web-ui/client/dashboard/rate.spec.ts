import { describe, expect, it } from '@jest/globals';
import { type Timeline } from '../history/timeline.ts';
import { expectedBand, isUnusual } from './expected-band.ts';
import { rate, rateNow } from './rate.ts';
import { stackedShare } from './stacked-share.ts';

const red = (count: number) => [count, 0, 0, 0, 0, 0, 0];
const timelineOf = (counts: readonly number[]): Timeline => ({
  starts: counts.map((_, index) => index * 2_000),
  counts: counts.map(red),
  byColor: red(0),
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

describe('the rate', () => {
  it('is per second, and leaves out the slice under way', () => {
    const { times, perSecond } = rate(timelineOf([4, 6, 1]), { spanMs: 6_000, bucketMs: 2_000 });
    expect([times, perSecond]).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('now is that of the last ten whole seconds', () => {
    const live = new Map([100, 101, 110, 111].map((second) => [second, red(10)] as const));
    expect(rateNow(live, 111_500)).toBe(2);
  });
});

describe('the share', () => {
  it('stacks to one, and an empty slice has none', () => {
    const timeline = { ...timelineOf([0, 0]), counts: [[1, 0, 1, 0, 0, 0, 2], red(0)] };
    expect(stackedShare(timeline).map(([first]) => first)).toEqual([0.25, 0.25, 0.5, 0.5, 0.5, 0.5, 1]);
    expect(stackedShare(timeline).map(([, second]) => second)).toEqual(Array(7).fill(null));
  });
});
