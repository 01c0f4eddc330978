import {
  type LatestQuery,
  MAX_LATEST_EVENTS,
  MAX_SUMMARY_BUCKETS,
  parseInstant,
  type SummaryQuery,
} from '@pipeline/event-schema';

/** A question that makes no sense, in words for the one who asked. */
export interface QueryMistake {
  readonly code: 'invalid-range' | 'invalid-bucket' | 'invalid-limit';
  readonly message: string;
}

type Parameters = Readonly<Record<string, unknown>>;

const MAX_RANGE_MS = 31 * 24 * 60 * 60 * 1_000;

/** `from` and `to` are ISO-8601 instants at most 31 days apart, `bucket` is in milliseconds. */
export function summaryQuery({ from, to, bucket }: Parameters): SummaryQuery | QueryMistake {
  const [start, end] = [from, to].map((instant) =>
    typeof instant === 'string' ? parseInstant(instant) : Number.NaN,
  );
  if (start === undefined || end === undefined || !(end > start) || end - start > MAX_RANGE_MS) {
    return {
      code: 'invalid-range',
      message: 'from and to must be ISO-8601 instants, from before to, at most 31 days',
    };
  }
  const bucketMs = wholeNumber(bucket);
  if (!(bucketMs >= 1_000) || (end - start) / bucketMs > MAX_SUMMARY_BUCKETS) {
    return {
      code: 'invalid-bucket',
      message: `bucket must be at least 1000 ms, with at most ${MAX_SUMMARY_BUCKETS} buckets in the range`,
    };
  }
  return { from: new Date(start).toISOString(), to: new Date(end).toISOString(), bucketMs };
}

/** `limit` is 1–100. */
export function latestQuery({ limit = '20' }: Parameters): LatestQuery | QueryMistake {
  const wanted = wholeNumber(limit);
  if (!(wanted >= 1 && wanted <= MAX_LATEST_EVENTS)) {
    return { code: 'invalid-limit', message: `limit must be a whole number from 1 to ${MAX_LATEST_EVENTS}` };
  }
  return { limit: wanted };
}

function wholeNumber(value: unknown): number {
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : Number.NaN;
}
