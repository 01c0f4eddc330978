import { BOTS, PAGE_VIEWS } from '../../src/protocol/live-protocol.ts';
import { type Timeline } from '../history/timeline.ts';
import { type Episode, episodes } from './episodes.ts';
import { expectedBand, isUnusual } from './expected-band.ts';

type Points = readonly (number | null)[];

/** Picks of each slice, and what was expected; all as long as `times`. */
export interface Picks {
  /** Start of each slice, seconds since the epoch. */
  readonly times: readonly number[];
  readonly counts: readonly number[];
  readonly low: Points;
  readonly high: Points;
  /** Spans of time that were not as expected, newest first. */
  readonly episodes: readonly Episode[];
}

const NOW_SECONDS = 10;

/** The last slice is under way: it is shown, and not judged. Pure. */
export function picksOver({ starts, counts }: Timeline): Picks {
  const totals = counts.map((byColor) => byColor.reduce((sum, count) => sum + count, 0));
  // What was before the first event is not quiet, it is unknown.
  const first = Math.max(
    0,
    totals.findIndex((total) => total > 0),
  );
  const judged = expectedBand(totals.slice(first));
  const expected = [...Array.from({ length: first }, () => null), ...judged];
  const flags = totals.map((total, index) => index < totals.length - 1 && isUnusual(total, expected[index]!));
  return {
    times: starts.map((start) => start / 1_000),
    counts: totals,
    low: expected.map((band) => band && band.low),
    high: expected.map((band) => band && band.high),
    episodes: episodes(totals, expected, flags),
  };
}

/** Picks per second over the last ten whole seconds. Pure. */
export function rateNow(
  live: ReadonlyMap<number, readonly number[]>,
  nowMs: number,
  withBots = false,
): number {
  const end = Math.floor(nowMs / 1_000);
  let total = 0;
  for (const [second, series] of live) {
    if (second >= end || second < end - NOW_SECONDS) continue;
    const picks = [
      ...series.slice(0, PAGE_VIEWS),
      ...(withBots ? series.slice(BOTS, BOTS + PAGE_VIEWS) : []),
    ];
    total += picks.reduce((sum, count) => sum + count, 0);
  }
  return total / NOW_SECONDS;
}
