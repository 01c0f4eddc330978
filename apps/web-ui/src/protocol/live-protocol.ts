import { type Color, COLORS, TOPICS } from '@pipeline/event-schema';

/**
 * One click as pages may see it, without its id: a stranger who has that could send another event with it.
 * `user_name` is what a visitor typed: text, never markup.
 */
export interface LiveEvent {
  readonly user_name: string;
  readonly color_name: Color;
  /** ISO-8601 UTC. */
  readonly occurred_at: string;
  readonly received_at: string;
  readonly kafka_partition: number;
  readonly kafka_offset: number;
  /** Whether the collector took the sender for a bot. */
  readonly is_bot?: true;
}

/** The name of a click among others, and the address of its journey: `<topic>/<partition>/<offset>`. */
export function placeOf({ kafka_partition, kafka_offset }: LiveEvent): string {
  return `${TOPICS.selectColor.name}/${kafka_partition}/${kafka_offset}`;
}

/**
 * What occurred within one second since the epoch: picks per colour in the order of `COLORS`, then page views; then the
 * same of senders that the collector took for bots, where there were any.
 */
export type SecondCount = readonly [epochSecond: number, counts: readonly number[]];

/** Where page views stand in a {@link SecondCount}. */
export const PAGE_VIEWS = COLORS.length;

/** Where the counts of bots begin in a {@link SecondCount}. */
export const BOTS = PAGE_VIEWS + 1;

/** What arrived since the frame before: every pick and view is counted, the newest picks are shown. */
export interface LiveFrame {
  readonly counts: readonly SecondCount[];
  /** Oldest first, at most {@link MAX_SHOWN_EVENTS}. */
  readonly events: readonly LiveEvent[];
}

/** Whether clicks reach this replica at all. */
export type FeedState = 'live' | 'waiting';

/** Everything a replica knows of the last {@link LIVE_WINDOW_SECONDS}; the frames after it add to it. */
export interface LiveSnapshot extends LiveFrame {
  /** Clicks of this and later epoch seconds are all counted; `null` while the replica has seen no feed yet. */
  readonly completeSince: number | null;
  readonly feed: FeedState;
  /** The replica's clock, milliseconds since the epoch. */
  readonly now: number;
}

/** Names of the server-sent events of `/v1/live`. */
export const LIVE_MESSAGES = { snapshot: 'snapshot', frame: 'frame', feed: 'feed' } as const;

/** How far back live counts reach. Older clicks are the history's business. */
export const LIVE_WINDOW_SECONDS = 120;

export const MAX_SHOWN_EVENTS = 20;
