import {
  FILTERS,
  type LatestQuery,
  MAX_FILTER_LENGTH,
  MAX_LATEST_EVENTS,
  MAX_SUMMARY_BUCKETS,
  parseInstant,
  type SummaryQuery,
} from '@pipeline/event-schema';

/** A question that makes no sense, in words for the one who asked. */
export interface QueryMistake {
  readonly code:
    'invalid-range' | 'invalid-bucket' | 'invalid-limit' | 'invalid-filter' | 'unknown-parameter';
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

const INVALID_FILTER: QueryMistake = {
  code: 'invalid-filter',
  message: `a filter is a text of 1 to ${MAX_FILTER_LENGTH} characters; bots is include or exclude, visits is include`,
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

const SUMMARY_PARAMETERS: readonly string[] = ['from', 'to', 'bucket', 'bots', 'visits', ...FILTERS];

/**
 * `from` and `to` are ISO-8601 instants at most 31 days apart, `bucket` is in milliseconds. Questions that differ within a
 * bucket are the same question: `from` is moved back to the beginning of its bucket, `to` to a multiple of five seconds,
 * or of one second where buckets are shorter. `bots=include` counts bots too, `visits=include` looks at visits; every other
 * parameter is a filter. A parameter that nothing reads is a mistake: its asker would take the answer for another one.
 */
export function summaryQuery(parameters: Parameters): SummaryQuery | QueryMistake {
  const { from, to, bucket, bots = 'exclude', visits } = parameters;
  const unknown = Object.keys(parameters).find((name) => !SUMMARY_PARAMETERS.includes(name));
  if (unknown !== undefined) {
    return { code: 'unknown-parameter', message: `the parameters are ${SUMMARY_PARAMETERS.join(', ')}` };
  }
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
  const filters = Object.entries(parameters).filter(([name]) =>
    (FILTERS as readonly string[]).includes(name),
  );
  if (!filters.every(([, value]) => isFilter(value))) return INVALID_FILTER;
  if (!['include', 'exclude'].includes(bots as string)) return INVALID_FILTER;
  if (visits !== undefined && visits !== 'include') return INVALID_FILTER;
  return {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    bucketMs,
    ...(bots === 'include' && { withBots: true }),
    ...(visits === 'include' && { withVisits: true }),
    // In one order, so that equal questions are told to be equal.
    ...(filters.length > 0 && { filters: Object.fromEntries(filters.sort(([a], [b]) => (a < b ? -1 : 1))) }),
  };
}

function isFilter(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_FILTER_LENGTH;
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
