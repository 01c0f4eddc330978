const DAY_MS = 24 * 60 * 60 * 1_000;

/** Events may be this old; older ones count as this old. Indexes of older days may be gone. */
export const MAX_AGE_MS = 7 * DAY_MS;

/** What the page's clock and ours say about an event; whole milliseconds since the epoch. */
export interface Clocks {
  readonly occurredMs: number;
  /** When the page sent the event, by the clock that says `occurredMs`. */
  readonly sentMs: number | undefined;
  readonly receivedMs: number;
}

/**
 * When an event happened by our clock. The page's clock may be wrong, but its differences are right, so the event is as
 * old as the page says it was when it was sent. Never in the future, never older than {@link MAX_AGE_MS}.
 * Source: Snowplow's `derived_tstamp`.
 */
export function correctedTime({ occurredMs, sentMs, receivedMs }: Clocks): number {
  const corrected = sentMs === undefined ? occurredMs : receivedMs - (sentMs - occurredMs);
  return Math.min(receivedMs, Math.max(receivedMs - MAX_AGE_MS, corrected));
}
