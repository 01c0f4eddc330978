import { COLORS, type Color } from '@pipeline/event-schema';
import { type LiveEvent } from '../../src/live/live-protocol.ts';

/** A click of this visitor that the shown counts do not hold yet. */
export interface OwnPick {
  readonly id: string;
  readonly color: Color;
  /** When the collector took it, by the server's clock; nothing while it has not. */
  readonly acceptedAt?: number;
}

/** What the page knows of everybody's clicks, as far as it tells which own picks are among them. */
export interface CountedSoFar {
  readonly seen: readonly LiveEvent[];
  /** The history speaks for everything before; milliseconds since the epoch. */
  readonly historyEnd: number;
  readonly isLive: boolean;
  readonly nowMs: number;
}

/** By then the live feed has counted a pick, even when it was not among the few events that are shown. */
const COUNTED_AFTER_MS = 5_000;

/** The picks that still have to be added to what the server counts. */
export function uncounted(
  picks: readonly OwnPick[],
  { seen, historyEnd, isLive, nowMs }: CountedSoFar,
): readonly OwnPick[] {
  const ids = new Set(seen.map(({ event_id }) => event_id));
  const left = picks.filter(({ id, acceptedAt = nowMs }) => {
    const overdue = isLive && nowMs - acceptedAt >= COUNTED_AFTER_MS;
    return !ids.has(id) && acceptedAt >= historyEnd && !overdue;
  });
  return left.length === picks.length ? picks : left;
}

/** Counts per colour with the visitor's own picks, in the order of `COLORS`. */
export function withOwn(byColor: readonly number[], picks: readonly OwnPick[]): readonly number[] {
  return byColor.map((count, index) => count + picks.filter(({ color }) => color === COLORS[index]).length);
}
