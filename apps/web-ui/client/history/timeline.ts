import { COLORS, type SummaryQuery, type SummaryReply } from '@pipeline/event-schema';
import { PAGE_VIEWS } from '../../src/protocol/live-protocol.ts';
import { type Range } from './range.ts';

const CLOCK_TOLERANCE_MS = 3_000;

/** An answer together with its question: it speaks for `[from, to)` and nothing else. */
export interface History {
  readonly query: SummaryQuery;
  readonly reply: SummaryReply;
}

export interface Timeline {
  /** Start of each slice, milliseconds since the epoch, ascending without gaps; the last one is under way. */
  readonly starts: readonly number[];
  /** Per slice, in the order of `COLORS`. */
  readonly counts: readonly (readonly number[])[];
  /** Over all slices, in the order of `COLORS`. */
  readonly byColor: readonly number[];
  readonly total: number;
  readonly pageViews: number;
}

/**
 * History up to the moment that it speaks for, live counts from there on: every click is counted once. Pure.
 * @param nowMs the server's time.
 */
export function timeline(
  range: Range,
  {
    history,
    live,
    nowMs,
  }: { history: History | undefined; live: ReadonlyMap<number, readonly number[]>; nowMs: number },
): Timeline {
  const first = Math.floor((nowMs - range.spanMs) / range.bucketMs);
  const last = Math.floor(newestMs(live, nowMs) / range.bucketMs);
  const counts = Array.from({ length: last - first + 1 }, () => COLORS.map(() => 0));
  let pageViews = 0;
  const add = (atMs: number, byColor: readonly number[], views: number): void => {
    const slice = counts[Math.floor(atMs / range.bucketMs) - first];
    if (!slice) return;
    pageViews += views;
    byColor.forEach((count, index) => (slice[index] = (slice[index] ?? 0) + count));
  };
  for (const { start, byColor } of history?.reply.buckets ?? []) {
    add(
      Date.parse(start),
      COLORS.map((color) => byColor[color] ?? 0),
      0,
    );
  }
  for (const { start, count } of history?.reply.pageViews.buckets ?? []) add(Date.parse(start), [], count);
  const historyEnd = history ? Date.parse(history.query.to) : 0;
  for (const [second, series] of live) {
    if (second * 1_000 < historyEnd) continue;
    add(second * 1_000, series.slice(0, COLORS.length), series[PAGE_VIEWS] ?? 0);
  }

  const byColor = COLORS.map((_, index) => counts.reduce((sum, slice) => sum + (slice[index] ?? 0), 0));
  return {
    starts: counts.map((_, index) => (first + index) * range.bucketMs),
    counts,
    byColor,
    total: byColor.reduce((sum, count) => sum + count, 0),
    pageViews,
  };
}

/** Our idea of the server's time runs a little late: a click may be of a slice that has only begun over there. */
function newestMs(live: ReadonlyMap<number, unknown>, nowMs: number): number {
  const newest = Math.max(0, ...live.keys()) * 1_000;
  return newest > nowMs && newest <= nowMs + CLOCK_TOLERANCE_MS ? newest : nowMs;
}

/** The same with up to `slices` slices, each of as many old ones, counted from the newest. Pure. */
export function coarser(fine: Timeline, slices: number): Timeline {
  const width = Math.ceil(fine.starts.length / slices);
  const skip = fine.starts.length % width;
  const groups = Array.from(
    { length: Math.floor(fine.starts.length / width) },
    (_, group) => skip + group * width,
  );
  const sum = (from: number): number[] =>
    COLORS.map((_, color) =>
      fine.counts.slice(from, from + width).reduce((total, slice) => total + (slice[color] ?? 0), 0),
    );
  return { ...fine, starts: groups.map((from) => fine.starts[from] ?? 0), counts: groups.map(sum) };
}
