import { type SummaryQuery } from '@pipeline/event-schema';
import { type RangeName } from '../i18n/messages.ts';

/** A length of time to look at, and the width of its slices. */
export interface Range {
  readonly spanMs: number;
  readonly bucketMs: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 100 to 180 slices each: as many as a chart can show apart. */
export const RANGES: Readonly<Record<RangeName, Range>> = {
  '5m': { spanMs: 5 * MINUTE, bucketMs: 2 * SECOND },
  '15m': { spanMs: 15 * MINUTE, bucketMs: 5 * SECOND },
  '1h': { spanMs: HOUR, bucketMs: 30 * SECOND },
  '6h': { spanMs: 6 * HOUR, bucketMs: 3 * MINUTE },
  '24h': { spanMs: DAY, bucketMs: 10 * MINUTE },
  '7d': { spanMs: 7 * DAY, bucketMs: HOUR },
  '30d': { spanMs: 30 * DAY, bucketMs: 6 * HOUR },
};

/** Stored clicks are trusted to be complete when this old; newer ones are counted live. */
const SETTLE_MS = 5 * SECOND;
/** Pages that ask within the same moments ask the same question. */
const STEP_MS = 5 * SECOND;

/** What to ask of the history now: whole slices from the start of the range to the last settled moment. */
export function historyQuery({ spanMs, bucketMs }: Range, nowMs: number): SummaryQuery {
  const to = Math.floor((nowMs - SETTLE_MS) / STEP_MS) * STEP_MS;
  const from = Math.floor((nowMs - spanMs) / bucketMs) * bucketMs;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), bucketMs };
}
