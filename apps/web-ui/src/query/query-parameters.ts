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

const INVALID_RANGE: QueryMistake = {
  code: 'invalid-range',
  message:
    'from and to must be ISO-8601 instants, from before to, at most 31 days, in the years 0000 to 9999',
};
const INVALID_BUCKET: QueryMistake = {
  code: 'invalid-bucket',
  message: `bucket must be at least 1000 ms, with at most ${MAX_SUMMARY_BUCKETS} buckets in the range`,
};

type Parameters = Readonly<Record<string, unknown>>;

const MAX_RANGE_MS = 31 * 24 * 60 * 60 * 1_000;
/** Answers end at a multiple of this; what is newer is not known to be complete. */
const STEP_MS = 5_000;
const SHORTEST_BUCKET_MS = 1_000;
/** What the four digits of a year can say: an instant's zone can carry it out of them. */
const [FIRST_MS, LAST_MS] = ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'].map(Date.parse) as [
  number,
  number,
];

/**
 * `from` and `to` are ISO-8601 instants at most 31 days apart, `bucket` is in milliseconds. Questions that differ within a
 * bucket are the same question: `from` is moved back to the beginning of its bucket, `to` to a multiple of five seconds,
 * or of one second where buckets are shorter.
 */
export function summaryQuery({ from, to, bucket }: Parameters): SummaryQuery | QueryMistake {
  const [start, end] = [from, to].map((instant) =>
    typeof instant === 'string' ? parseInstant(instant) : Number.NaN,
  );
  if (start === undefined || end === undefined || !(end > start) || end - start > MAX_RANGE_MS) {
    return INVALID_RANGE;
  }
  const bucketMs = wholeNumber(bucket);
  if (!(bucketMs >= SHORTEST_BUCKET_MS)) return INVALID_BUCKET;
  const stepMs = bucketMs < STEP_MS ? SHORTEST_BUCKET_MS : STEP_MS;
  const fromMs = Math.floor(start / bucketMs) * bucketMs;
  const toMs = Math.max(Math.floor(end / stepMs) * stepMs, fromMs + stepMs);
  if (fromMs < FIRST_MS || toMs > LAST_MS) return INVALID_RANGE;
  if ((toMs - fromMs) / bucketMs > MAX_SUMMARY_BUCKETS) return INVALID_BUCKET;
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), bucketMs };
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
