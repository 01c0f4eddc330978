import { type SummaryQuery } from '@pipeline/event-schema';
import { type RangeName } from '../i18n/messages.ts';

/** A length of time to look at, and the width of its slices. */
export interface Range {
  readonly spanMs: number;
  readonly bucketMs: number;
  /** When it ends, milliseconds since the epoch; it ends now where it is absent. */
  readonly endMs?: number;
}

/** What of a range is asked for. */
export interface Question extends Range, Pick<SummaryQuery, 'withBots' | 'withVisits' | 'filters'> {
  /** Whether the range of the same length before it is asked for, too. */
  readonly withBefore?: boolean;
}

/** Live counts are of everybody and of now: they add to a question that is, too. */
export function isLive({ endMs, filters = {} }: Question): boolean {
  return endMs === undefined && Object.keys(filters).length === 0;
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
export function historyQuery(question: Question, nowMs: number): SummaryQuery {
  const { spanMs, bucketMs, endMs = nowMs, withBots, withVisits, filters = {} } = question;
  const settled = Math.floor((nowMs - SETTLE_MS) / STEP_MS) * STEP_MS;
  const from = Math.floor((endMs - spanMs) / bucketMs) * bucketMs;
  return {
    from: instant(from),
    to: instant(Math.max(from + STEP_MS, Math.min(endMs, settled))),
    bucketMs,
    ...(withBots && { withBots }),
    ...(withVisits && { withVisits }),
    ...(Object.keys(filters).length > 0 && { filters }),
  };
}

/** The same of the time before, as long as the range itself. */
export function queryBefore(query: SummaryQuery, { spanMs }: Range): SummaryQuery {
  return {
    ...query,
    from: instant(Date.parse(query.from) - spanMs),
    to: instant(Date.parse(query.to) - spanMs),
  };
}

/** The address that answers a question. */
export function summaryUrl({ from, to, bucketMs, withBots, withVisits, filters }: SummaryQuery): string {
  const parameters = new URLSearchParams({
    from,
    to,
    bucket: String(bucketMs),
    ...(withBots && { bots: 'include' }),
    ...(withVisits && { visits: 'include' }),
    ...filters,
  });
  return `/v1/summary?${parameters.toString()}`;
}

const MAX_SPAN_MS = 30 * DAY;
const WIDTHS = [
  ...[1, 2, 5, 10, 30].map((width) => width * SECOND),
  ...[1, 3, 5, 10, 30].map((width) => width * MINUTE),
  ...[1, 3, 6].map((width) => width * HOUR),
];

/** A range between two moments, in at most 180 slices; the last 30 days of it where it is longer. */
export function customRange(fromMs: number, toMs: number): Required<Range> {
  const wanted = Math.min(MAX_SPAN_MS, toMs - fromMs);
  const bucketMs = WIDTHS.find((width) => wanted / width <= 180) ?? 6 * HOUR;
  return { spanMs: Math.ceil(wanted / bucketMs) * bucketMs, bucketMs, endMs: toMs };
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
