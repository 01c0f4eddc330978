import { type estypes } from '@elastic/elasticsearch';
import {
  type Color,
  COLORS,
  isColor,
  type NamedCount,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';
import { agentOf } from './user-agent.ts';

interface Terms {
  readonly buckets: readonly { readonly key: string; readonly doc_count: number }[];
  /** What the list had no room for. */
  readonly sum_other_doc_count?: number;
}

interface Visitors {
  readonly visitors: { readonly value: number };
  readonly unnamed: { readonly doc_count: number };
}

/** Aggregations by the names that the requests give them; absent when no index exists. */
export interface PickAggregations extends Visitors {
  readonly by_color: Terms;
  readonly by_agent: Terms;
  readonly by_time: { readonly buckets: readonly { readonly key: number; readonly by_color: Terms }[] };
}

export interface ViewAggregations extends Visitors {
  readonly by_time: { readonly buckets: readonly { readonly key: number; readonly doc_count: number }[] };
}

interface Counted<Aggregations> {
  readonly total: number;
  readonly aggregations: Aggregations | undefined;
}

/** Different user agents looked at, most frequent first; events of rarer ones count as `other`. */
const MAX_AGENTS = 1_000;
/** The most that Elasticsearch counts exactly. */
const EXACT_VISITORS = 40_000;

const VISITORS = {
  visitors: { cardinality: { field: 'visitor_id', precision_threshold: EXACT_VISITORS } },
  unnamed: { missing: { field: 'visitor_id' } },
};
const BY_COLOR = { terms: { field: 'color_name', include: [...COLORS], size: COLORS.length } };

/** The body of the search that counts picks by colour, by colour and time, by agent and by visitor. */
export function picksRequest(query: SummaryQuery) {
  return {
    ...counting(query),
    aggregations: {
      ...VISITORS,
      by_color: BY_COLOR,
      by_agent: { terms: { field: 'user_agent', size: MAX_AGENTS } },
      by_time: { ...overTime(query), aggregations: { by_color: BY_COLOR } },
    },
  } satisfies estypes.SearchRequest;
}

/** The body of the search that counts page views by time and by visitor. */
export function viewsRequest(query: SummaryQuery) {
  return { ...counting(query), aggregations: { ...VISITORS, by_time: overTime(query) } };
}

function counting({ from, to }: SummaryQuery) {
  return { size: 0, track_total_hits: true, query: { range: { occurred_at: { gte: from, lt: to } } } };
}

function overTime({ bucketMs }: SummaryQuery) {
  return { date_histogram: { field: 'occurred_at', fixed_interval: `${bucketMs}ms` } };
}

export function summaryReply(
  picks: Counted<PickAggregations>,
  views: Counted<ViewAggregations>,
): SummaryReply {
  const none = Object.fromEntries(COLORS.map((color) => [color, 0])) as Record<Color, number>;
  return {
    total: picks.total,
    byColor: { ...none, ...counts(picks.aggregations?.by_color) },
    buckets: (picks.aggregations?.by_time.buckets ?? []).map(({ key, by_color }) => ({
      start: new Date(key).toISOString(),
      byColor: counts(by_color),
    })),
    pageViews: {
      total: views.total,
      buckets: (views.aggregations?.by_time.buckets ?? []).map(({ key, doc_count }) => ({
        start: new Date(key).toISOString(),
        count: doc_count,
      })),
    },
    visitors: { viewed: visitors(views.aggregations), picked: visitors(picks.aggregations) },
    ...byAgent(picks),
  };
}

function counts(colors: Terms | undefined): Partial<Record<Color, number>> {
  const known = (colors?.buckets ?? []).filter(({ key }) => isColor(key));
  return Object.fromEntries(known.map(({ key, doc_count }) => [key, doc_count]));
}

function visitors(aggregations: Visitors | undefined): number {
  return aggregations ? aggregations.visitors.value + aggregations.unnamed.doc_count : 0;
}

/** What was not listed (rare agents, events without one) is `other`, so that the lists add up. */
function byAgent({
  total,
  aggregations,
}: Counted<PickAggregations>): Pick<SummaryReply, 'browsers' | 'devices'> {
  const listed = aggregations?.by_agent.buckets ?? [];
  const rest = total - listed.reduce((sum, { doc_count }) => sum + doc_count, 0);
  const agents = listed.map(({ key, doc_count }) => ({ ...agentOf(key), count: doc_count }));
  return {
    browsers: mostFirst(
      agents.map(({ browser, count }) => ({ name: browser, count })),
      rest,
    ),
    devices: mostFirst(
      agents.map(({ device, count }) => ({ name: device, count })),
      rest,
    ),
  };
}

function mostFirst(parts: readonly NamedCount[], rest: number): NamedCount[] {
  const byName = new Map<string, number>();
  for (const { name, count } of [...parts, { name: 'other', count: rest }])
    byName.set(name, (byName.get(name) ?? 0) + count);
  return [...byName]
    .filter(([, count]) => count > 0)
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count);
}
