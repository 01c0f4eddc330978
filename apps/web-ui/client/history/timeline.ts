import { COLORS, type SummaryQuery, type SummaryReply } from '@pipeline/event-schema';
import { BOTS, PAGE_VIEWS } from '../../src/protocol/live-protocol.ts';
import { isLive, type Question } from './range.ts';

const CLOCK_TOLERANCE_MS = 3_000;

/** An answer together with its question: it speaks for `[from, to)` and nothing else. */
export interface HistoryAnswer {
  readonly query: SummaryQuery;
  readonly reply: SummaryReply;
  /** Of the time before, where it was asked for. */
  readonly before?: SummaryReply;
}

export interface Timeline {
  /** Start of each slice, milliseconds since the epoch, ascending without gaps; the last one is under way. */
  readonly starts: readonly number[];
  /** Per slice, in the order of `COLORS`. */
  readonly counts: readonly (readonly number[])[];
  /** Page views per slice. */
  readonly views: readonly number[];
  /** Over all slices, in the order of `COLORS`. */
  readonly byColor: readonly number[];
  readonly total: number;
  readonly pageViews: number;
}

/**
 * HistoryAnswer up to the moment that it speaks for, live counts from there on where they can add to it: every click is counted
 * once. Pure.
 * @param nowMs the server's time.
 */
export function timeline(
  range: Question,
  {
    history,
    live,
    nowMs,
  }: { history: HistoryAnswer | undefined; live: ReadonlyMap<number, readonly number[]>; nowMs: number },
): Timeline {
  const { endMs } = range;
  const first = Math.floor(((endMs ?? nowMs) - range.spanMs) / range.bucketMs);
  const last = Math.floor((endMs === undefined ? newestMs(live, nowMs) : endMs - 1) / range.bucketMs);
  const counts = Array.from({ length: last - first + 1 }, () => COLORS.map(() => 0));
  const views = counts.map(() => 0);
  const add = (atMs: number, byColor: readonly number[], viewed: number): void => {
    const at = Math.floor(atMs / range.bucketMs) - first;
    const slice = counts[at];
    if (!slice) return;
    views[at] = (views[at] ?? 0) + viewed;
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
  for (const [second, series] of isLive(range) ? live : []) {
    if (second * 1_000 < historyEnd) continue;
    const at = (index: number) => (series[index] ?? 0) + (range.withBots ? (series[BOTS + index] ?? 0) : 0);
    add(
      second * 1_000,
      COLORS.map((_, color) => at(color)),
      at(PAGE_VIEWS),
    );
  }

  const byColor = COLORS.map((_, index) => counts.reduce((sum, slice) => sum + (slice[index] ?? 0), 0));
  return {
    starts: counts.map((_, index) => (first + index) * range.bucketMs),
    counts,
    byColor,
    total: byColor.reduce((sum, count) => sum + count, 0),
    views,
    pageViews: views.reduce((sum, count) => sum + count, 0),
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
  const views = groups.map((from) =>
    fine.views.slice(from, from + width).reduce((total, of) => total + of, 0),
  );
  return { ...fine, starts: groups.map((from) => fine.starts[from] ?? 0), counts: groups.map(sum), views };
}
