import { formatInstant } from '@pipeline/event-schema';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** How far the time by which an event is filed may lie from the time at which the broker appended the record. */
export interface EventTimeWindow {
  readonly maxAgeMs: number;
  readonly maxLeadMs: number;
}

/**
 * The day of all events without a time within the window. Who deletes indices by their age must not delete these at once,
 * so it lies ahead; it keeps to the pattern of the names.
 */
const UNDATED_DAY = '2099.12.31';

/** Copies of one event may be processed so far apart, by the time of append: what a topic keeps, and a day to spare. */
export const SETTLING_MS = 8 * DAY_MS;

/** Where an event belongs. */
export interface EventPlace {
  readonly index: string;
  /** Where another copy of it may lie, which was appended when the event was on the other side of the window's end. */
  readonly otherIndex?: string;
}

/**
 * Where the events of a topic belong: `<topic>-YYYY.MM.DD` by the UTC day of the time by which they are filed.
 *
 * A client chooses that time, so it is bounded, or one client could make an index per day of history: what lies outside
 * the window is filed with the events that have no time. A copy that was appended earlier or later may have been within
 * the window, and the two have to meet. That is asked only of events outside the window or near its ends. The broker's
 * time is fixed with the record, so a replay is judged like the first try.
 */
export class IndexName {
  private readonly places = new Map<number, EventPlace>();
  private readonly undated: EventPlace;

  constructor(
    private readonly topic: string,
    private readonly window: EventTimeWindow,
  ) {
    this.undated = { index: undatedIndex(topic) };
  }

  /** @param filedMs nothing where the event has no time. */
  of(filedMs: number | undefined, appendedMs: number): EventPlace {
    if (filedMs === undefined || filedMs < FIRST_MS || filedMs >= END_MS) return this.undated;
    const { maxAgeMs, maxLeadMs } = this.window;
    const ageMs = appendedMs - filedMs;
    const insideMs = Math.min(maxAgeMs - ageMs, maxLeadMs + ageMs);
    if (insideMs >= SETTLING_MS) return this.dayOf(filedMs);
    const { index: day } = this.dayOf(filedMs);
    const { index: undated } = this.undated;
    return insideMs < 0 ? { index: undated, otherIndex: day } : { index: day, otherIndex: undated };
  }

  private dayOf(ms: number): EventPlace {
    const day = Math.floor(ms / DAY_MS);
    const known = this.places.get(day);
    if (known !== undefined) return known;
    const place = { index: dayIndex(this.topic, ms) };
    if (this.places.size >= MAX_PLACES) this.places.clear();
    this.places.set(day, place);
    return place;
  }
}

/** The index of the UTC day of an instant, years 2000 to 2099. */
export function dayIndex(topic: string, ms: number): string {
  return `${topic}-${formatInstant(ms).slice(0, 10).replaceAll('-', '.')}`;
}

function undatedIndex(topic: string): string {
  return `${topic}-${UNDATED_DAY}`;
}

/** Whether it is where events lie that have no time within the window. */
export function isUndated(index: string): boolean {
  return index.endsWith(UNDATED_DAY);
}

/** The years of our index names, but for the undated day. No record was ever appended near any other time. */
const FIRST_MS = Date.UTC(2000, 0, 1);
const END_MS = Date.UTC(2099, 11, 31);

/** Senders may claim any day. */
const MAX_PLACES = 1_000;
