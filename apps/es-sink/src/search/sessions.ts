import { type estypes } from '@elastic/elasticsearch';
import { type NamedCount, TOPICS, type VisitCounts, type VisitorCounts } from '@pipeline/event-schema';
import { MAX_NAME_BYTES, pageOf } from './slices.ts';

/** Most visitors and visits that are compared one by one. */
export const MAX_VISITORS = 20_000;
export const MAX_VISITS = 3_000;
/** Room for a part that is larger than the others. */
const ROOM = 1.5;
/** Names told of the first and the last pages. */
const MAX_NAMES = 50;

/** Distinct values; the most that Elasticsearch counts nearly exactly. */
const distinct = (field: string) => ({ cardinality: { field, precision_threshold: 40_000 } });

/** How many visitors and visits there are, over page views and picks together. */
export const AUDIENCE = {
  visitors: distinct('visitor_id'),
  visits: distinct('session_id'),
  unnamed: { missing: { field: 'visitor_id' } },
};

export interface Audience {
  readonly visitors: { readonly value: number };
  readonly visits: { readonly value: number };
  readonly unnamed: { readonly doc_count: number };
}

const PICKS = { picks: { filter: { term: { event_type: TOPICS.selectColor.name } } } };

/** A part of the ids, chosen by their hash, as a sample; all of them where they are few enough. */
function each(field: string, count: number, most: number) {
  const num_partitions = Math.max(1, Math.ceil(count / most));
  return {
    field,
    size: Math.ceil(most * ROOM),
    ...(num_partitions > 1 && { include: { partition: 0, num_partitions } }),
  } satisfies estypes.AggregationsTermsAggregation;
}

/** Each visitor with the number of their events and of their picks. */
export function visitorsRequest(count: number) {
  return { each: { terms: each('visitor_id', count, MAX_VISITORS), aggregations: PICKS } };
}

const pageAt = (order: 'asc' | 'desc') => ({
  top_hits: { size: 1, sort: [{ occurred_at: order }], _source: false, docvalue_fields: ['page_url'] },
});

/** Each visit with its events, its first and last moment and page. */
export function visitsRequest(count: number) {
  return {
    each: {
      terms: each('session_id', count, MAX_VISITS),
      aggregations: {
        ...PICKS,
        first: { min: { field: 'occurred_at' } },
        last: { max: { field: 'occurred_at' } },
        entry: pageAt('asc'),
        exit: pageAt('desc'),
      },
    },
  };
}

interface EachVisitor {
  readonly doc_count: number;
  readonly picks: { readonly doc_count: number };
}

interface Page {
  readonly hits: {
    readonly hits: readonly { readonly fields?: { readonly page_url?: readonly unknown[] } }[];
  };
}

interface EachVisit extends EachVisitor {
  readonly first: { readonly value: number | null };
  readonly last: { readonly value: number | null };
  readonly entry: Page;
  readonly exit: Page;
}

export interface Each<Bucket> {
  readonly each: { readonly sum_other_doc_count: number; readonly buckets: readonly Bucket[] };
}

export type EachVisitorReply = Each<EachVisitor>;
export type EachVisitReply = Each<EachVisit>;

/** @param counted what Elasticsearch took for the number of visitors when it was asked for a part of them. */
export function visitorCounts(
  counted: number,
  unnamedEvents: number,
  reply: EachVisitorReply | undefined,
): VisitorCounts {
  const visitors = reply?.each.buckets ?? [];
  const compared = visitors.length;
  const saw = visitors.filter((visitor) => visitor.doc_count > visitor.picks.doc_count);
  const converted = saw.filter(({ picks }) => picks.doc_count > 0).length;
  const isAll = counted <= MAX_VISITORS && reply?.each.sum_other_doc_count === 0;
  const all = isAll ? compared : counted;
  const scaled = (part: number) => (compared === 0 ? 0 : Math.round((part * all) / compared));
  return { all, compared, saw: scaled(saw.length), converted: scaled(converted), unnamedEvents };
}

export function visitCounts(counted: number, reply: EachVisitReply | undefined): VisitCounts {
  const visits = reply?.each.buckets ?? [];
  const isAll = counted <= MAX_VISITS && reply?.each.sum_other_doc_count === 0;
  const lengths = visits
    .filter(({ doc_count }) => doc_count > 1)
    .map(({ first, last }) => (last.value ?? 0) - (first.value ?? 0))
    .sort((a, b) => a - b);
  return {
    all: isAll ? visits.length : counted,
    compared: visits.length,
    bounced: visits.filter(({ doc_count, picks }) => doc_count === 1 && picks.doc_count === 0).length,
    medianMs: median(lengths),
    entries: pages(visits.map(({ entry }) => entry)),
    exits: pages(visits.map(({ exit }) => exit)),
  };
}

function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle]!;
  return sorted.length % 2 === 1 ? upper : (upper + sorted[middle - 1]!) / 2;
}

function pages(tops: readonly Page[]): NamedCount[] {
  const counts = new Map<string, number>();
  for (const { hits } of tops) {
    const url = hits.hits[0]?.fields?.page_url?.[0];
    const page = typeof url === 'string' ? pageOf(url) : 'other';
    const name = Buffer.byteLength(page) > MAX_NAME_BYTES ? 'other' : page;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const sorted = [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count);
  const rest = sorted.slice(MAX_NAMES).reduce((sum, { count }) => sum + count, 0);
  return [...sorted.slice(0, MAX_NAMES), ...(rest > 0 ? [{ name: 'other', count: rest }] : [])];
}
