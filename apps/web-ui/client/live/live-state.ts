import {
  LIVE_WINDOW_SECONDS,
  type LiveEvent,
  type LiveFrame,
  type LiveSnapshot,
  placeOf,
  type SecondCount,
} from '../../src/protocol/live-protocol.ts';

/** What this page knows of the last minutes. */
export interface LiveState {
  /** Per epoch second of their occurrence, as in a `SecondCount`. */
  readonly counts: ReadonlyMap<number, readonly number[]>;
  /** Newest first. */
  readonly events: readonly LiveEvent[];
  /** Add to `Date.now()` to get the server's time. */
  readonly clockOffsetMs: number;
}

const MAX_EVENTS = 50;

export const EMPTY_LIVE_STATE: LiveState = { counts: new Map(), events: [], clockOffsetMs: 0 };

/** The clicks since the state before. */
export function applyFrame(state: LiveState, { counts, events }: LiveFrame, nowMs: number): LiveState {
  return { ...state, counts: merged(state.counts, counts, nowMs), events: withEvents(state.events, events) };
}

/**
 * A new beginning. The snapshot is right about every second since `completeSince`; of the seconds before, another
 * replica, or the same one before its restart, may have told more: those stay as they are.
 */
export function applySnapshot(state: LiveState, snapshot: LiveSnapshot, nowMs: number): LiveState {
  const completeSince = snapshot.completeSince ?? Number.POSITIVE_INFINITY;
  const kept = [...state.counts].filter(([second]) => second < completeSince);
  const taken = snapshot.counts.filter(([second]) => second >= completeSince || !state.counts.has(second));
  return {
    counts: merged(new Map(kept), taken, nowMs),
    events: withEvents(state.events, snapshot.events),
    clockOffsetMs: snapshot.now - nowMs,
  };
}

/** Stored events, for a page that has just opened. */
export function withEvents(known: readonly LiveEvent[], added: readonly LiveEvent[]): readonly LiveEvent[] {
  const byPlace = new Map([...known, ...added].map((event) => [placeOf(event), event]));
  return [...byPlace.values()].sort((a, b) => (a.received_at < b.received_at ? 1 : -1)).slice(0, MAX_EVENTS);
}

function merged(
  counts: ReadonlyMap<number, readonly number[]>,
  added: readonly SecondCount[],
  nowMs: number,
): ReadonlyMap<number, readonly number[]> {
  // The clocks may differ by more than the window; the newest second seen decides with ours.
  const newest = Math.max(0, ...added.map(([second]) => second), ...counts.keys());
  const oldest = Math.min(newest, Math.floor(nowMs / 1_000)) - 2 * LIVE_WINDOW_SECONDS;
  const next = new Map([...counts].filter(([second]) => second >= oldest));
  for (const [second, byColor] of added) {
    const own = next.get(second);
    const series = own && own.length > byColor.length ? own : byColor;
    next.set(second, own ? series.map((_, index) => (own[index] ?? 0) + (byColor[index] ?? 0)) : byColor);
  }
  return next;
}
