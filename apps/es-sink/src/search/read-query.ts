import {
  type DocumentQuery,
  FILTERS,
  type Filters,
  isEventTopic,
  type LatestQuery,
  MAX_FILTER_LENGTH,
  MAX_LATEST_EVENTS,
  MAX_SUMMARY_BUCKETS,
  parseInstant,
  type SummaryQuery,
} from '@pipeline/event-schema';

/** A question that cannot be answered however often it is asked. */
export class InvalidQueryError extends Error {
  override readonly name = 'InvalidQueryError';
}

/** @throws InvalidQueryError */
export function readSummaryQuery(payload: unknown): SummaryQuery {
  const { from, to, bucketMs, withBots, withVisits, filters } = fields(payload);
  const fromMs = instant('from', from);
  const toMs = instant('to', to);
  const width = wholeNumber('bucketMs', bucketMs, 1_000, Number.MAX_SAFE_INTEGER);
  if (fromMs >= toMs) throw new InvalidQueryError('from must be before to');
  if (Math.ceil((toMs - fromMs) / width) > MAX_SUMMARY_BUCKETS) {
    throw new InvalidQueryError(`the range holds more than ${MAX_SUMMARY_BUCKETS} buckets of bucketMs`);
  }
  return {
    from: from as string,
    to: to as string,
    bucketMs: width,
    withBots: withBots === true,
    withVisits: withVisits === true,
    filters: readFilters(filters),
  };
}

function readFilters(value: unknown): Filters {
  const given = value === undefined ? {} : fields(value);
  for (const [name, wanted] of Object.entries(given)) {
    if (!(FILTERS as readonly string[]).includes(name))
      throw new InvalidQueryError('filters has a name that is no filter');
    if (typeof wanted !== 'string' || wanted === '' || wanted.length > MAX_FILTER_LENGTH)
      throw new InvalidQueryError(`filters.${name} is not a text of 1 to ${MAX_FILTER_LENGTH} characters`);
  }
  return given;
}

/** @throws InvalidQueryError */
export function readLatestQuery(payload: unknown): LatestQuery {
  return { limit: wholeNumber('limit', fields(payload).limit, 1, MAX_LATEST_EVENTS) };
}

/** @throws InvalidQueryError */
export function readDocumentQuery(payload: unknown): DocumentQuery {
  const { eventId, topic, partition, offset } = fields(payload);
  if (eventId === undefined && topic !== undefined) {
    if (!isEventTopic(topic)) throw new InvalidQueryError('topic is none of ours');
    return { topic, partition: position('partition', partition), offset: position('offset', offset) };
  }
  if (typeof eventId === 'string' && eventId.length > 0 && eventId.length <= 512) return { eventId };
  throw new InvalidQueryError('eventId is not a text of 1 to 512 characters');
}

function position(field: string, value: unknown): number {
  return wholeNumber(field, value, 0, Number.MAX_SAFE_INTEGER);
}

function fields(payload: unknown): Record<string, unknown> {
  if (typeof payload !== 'object' || payload === null)
    throw new InvalidQueryError('the question is not an object');
  return payload as Record<string, unknown>;
}

function instant(field: string, value: unknown): number {
  const ms = typeof value === 'string' ? parseInstant(value) : Number.NaN;
  if (Number.isNaN(ms)) throw new InvalidQueryError(`${field} is not an ISO-8601 instant with a zone`);
  return ms;
}

function wholeNumber(field: string, value: unknown, min: number, max: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max)
    return value as number;
  throw new InvalidQueryError(`${field} is not a whole number from ${min} to ${max}`);
}
