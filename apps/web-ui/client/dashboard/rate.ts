import { PAGE_VIEWS } from '../../src/protocol/live-protocol.ts';
import { type Timeline } from '../history/timeline.ts';
import { type Range } from '../history/range.ts';
import { expectedBand, isUnusual } from './expected-band.ts';

type Points = readonly (number | null)[];

/** Clicks per second of each slice, and what was expected; all as long as `times`. */
export interface Rate {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly perSecond: readonly number[];
  readonly low: Points;
  readonly high: Points;
  /** The rate where it was unusual, else `null`. */
  readonly unusual: Points;
}

const NOW_SECONDS = 10;

/** The rate over the slices that are over: one that is under way would always look like a fall. Pure. */
export function rate({ starts, counts }: Timeline, { bucketMs }: Range): Rate {
  const seconds = bucketMs / 1_000;
  const totals = counts.slice(0, -1).map((byColor) => byColor.reduce((sum, count) => sum + count, 0));
  const expected = expectedBand(totals);
  const perSecond = totals.map((total) => total / seconds);
  return {
    times: starts.slice(0, -1).map((start) => start / 1_000),
    perSecond,
    low: expected.map((band) => band && band.low / seconds),
    high: expected.map((band) => band && band.high / seconds),
    unusual: perSecond.map((value, index) =>
      isUnusual(totals[index] ?? 0, expected[index] ?? null) ? value : null,
    ),
  };
}

/** Picks per second over the last ten whole seconds. Pure. */
export function rateNow(live: ReadonlyMap<number, readonly number[]>, nowMs: number): number {
  const end = Math.floor(nowMs / 1_000);
  let total = 0;
  for (const [second, series] of live) {
    if (second >= end || second < end - NOW_SECONDS) continue;
    total += series.slice(0, PAGE_VIEWS).reduce((sum, count) => sum + count, 0);
  }
  return total / NOW_SECONDS;
}
