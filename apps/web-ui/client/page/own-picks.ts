import { COLORS, type Color, parseInstant } from '@pipeline/event-schema';
import { type LiveEvent, placeOf } from '../../src/protocol/live-protocol.ts';

/** A click of this visitor, from the moment of the click until the server surely counts it. */
export interface OwnPick {
  readonly id: string;
  readonly name: string;
  readonly color: Color;
  /** When it was clicked, by the server's clock. */
  readonly pickedAt: number;
  /** When the collector took it, by the server's clock; nothing while it has not. */
  readonly acceptedAt?: number;
  /** The place of the live event that is this pick: the shown counts hold it. */
  readonly seenAt?: string;
}

/** What the page knows of everybody's clicks, as far as it tells which own picks are among them. */
export interface CountedSoFar {
  /** Newest first. */
  readonly seen: readonly LiveEvent[];
  /** The history speaks for everything before; milliseconds since the epoch. */
  readonly historyEnd: number;
  readonly isLive: boolean;
  readonly nowMs: number;
}

/** By then the live feed has counted a pick, even when it was not among the few events that are shown. */
const COUNTED_AFTER_MS = 5_000;

/** The collector corrects `occurred_at` by its clock; ours is off by the way of an answer. */
const SAME_MOMENT_MS = 2_000;

/**
 * The picks that may still have to be added to what the server counts, those that were seen in the live feed marked.
 * Live events have no id, so a pick is the event of the same name, colour and moment; a namesake who picks the same
 * colour within that moment is mistaken for it, for the seconds that picks are kept.
 */
export function uncounted(
  picks: readonly OwnPick[],
  { seen, historyEnd, isLive, nowMs }: CountedSoFar,
): readonly OwnPick[] {
  const taken = new Set(picks.map(({ seenAt }) => seenAt));
  const left = picks.flatMap((pick) => {
    const { acceptedAt = nowMs } = pick;
    const overdue = isLive && nowMs - acceptedAt >= COUNTED_AFTER_MS;
    if (acceptedAt < historyEnd || overdue) return [];
    if (pick.seenAt !== undefined) return pick;
    const event = seen.findLast((one) => !taken.has(placeOf(one)) && isOf(pick, one));
    if (!event) return pick;
    taken.add(placeOf(event));
    return { ...pick, seenAt: placeOf(event) };
  });
  const isSame = left.length === picks.length && left.every((pick, index) => pick === picks[index]);
  return isSame ? picks : left;
}

/** Counts per colour with the visitor's own picks that were not seen among them, in the order of `COLORS`. */
export function withOwn(byColor: readonly number[], picks: readonly OwnPick[]): readonly number[] {
  const added = picks.filter(({ seenAt }) => seenAt === undefined);
  return byColor.map((count, index) => count + added.filter(({ color }) => color === COLORS[index]).length);
}

function isOf(
  { name, color, pickedAt }: OwnPick,
  { user_name, color_name, occurred_at }: LiveEvent,
): boolean {
  const apartMs = Math.abs(parseInstant(occurred_at) - pickedAt);
  return user_name === name && color_name === color && apartMs <= SAME_MOMENT_MS;
}
