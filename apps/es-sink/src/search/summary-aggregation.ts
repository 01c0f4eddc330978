import { type estypes } from '@elastic/elasticsearch';
import {
  type Color,
  COLORS,
  isColor,
  type SummaryQuery,
  type SummaryReply,
  TOPICS,
} from '@pipeline/event-schema';
import { AUDIENCE } from './sessions.ts';
import { BY_FIELD, type SliceField, type SliceName, SLICES, slicesOf, type Terms } from './slices.ts';

type Query = NonNullable<estypes.SearchRequest['query']>;
type ByField = Readonly<Record<SliceField, Terms>>;

/** Aggregations by the names that the requests give them; absent when no index exists. */
export interface PickAggregations extends ByField {
  readonly by_color: Terms;
  readonly by_time: { readonly buckets: readonly { readonly key: number; readonly by_color: Terms }[] };
}

export interface ViewAggregations extends ByField {
  readonly by_time: { readonly buckets: readonly { readonly key: number; readonly doc_count: number }[] };
}

interface Counted<Aggregations> {
  readonly total: number;
  readonly aggregations: Aggregations | undefined;
}

const BY_COLOR = { terms: { field: 'color_name', include: [...COLORS], size: COLORS.length } };

/** The events of the question's range and of its filters: `clauses` are those of the slices. */
export function eventsOf(
  { from, to, withBots = false }: SummaryQuery,
  clauses: readonly Query[] = [],
): Query {
  return {
    bool: {
      filter: [{ range: { occurred_at: { gte: from, lt: to } } }, ...clauses],
      // Events older than the mark have none, and count.
      ...(!withBots && { must_not: { term: { is_bot: true } } }),
    },
  };
}

/** As {@link eventsOf}; a colour is asked of picks only. */
export function countedEvents(query: SummaryQuery, clauses: readonly Query[]): Query {
  const color = query.filters?.color;
  if (color === undefined) return eventsOf(query, clauses);
  const isCounted = {
    bool: {
      should: [
        { term: { color_name: color } },
        { bool: { must_not: { term: { event_type: TOPICS.selectColor.name } } } },
      ],
      minimum_should_match: 1,
    },
  };
  return eventsOf(query, [...clauses, isCounted]);
}

/** The body of the search that counts picks by colour, by colour and time, and by what slices are read from. */
export function picksRequest(query: SummaryQuery, clauses: readonly Query[]) {
  return {
    ...counting(countedEvents(query, clauses)),
    aggregations: {
      ...BY_FIELD,
      by_color: BY_COLOR,
      by_time: { ...overTime(query), aggregations: { by_color: BY_COLOR } },
    },
  } satisfies estypes.SearchRequest;
}

/** The body of the search that counts page views by time and by what slices are read from. */
export function viewsRequest(query: SummaryQuery, clauses: readonly Query[]) {
  return {
    ...counting(eventsOf(query, clauses)),
    aggregations: { ...BY_FIELD, by_time: overTime(query) },
  } satisfies estypes.SearchRequest;
}

/** The body of the search that counts those who viewed or picked. */
export function audienceRequest(query: SummaryQuery, clauses: readonly Query[]) {
  return { ...counting(countedEvents(query, clauses)), aggregations: AUDIENCE };
}

export function counting(query: Query) {
  return { size: 0, track_total_hits: true, query } satisfies estypes.SearchRequest;
}

function overTime({ bucketMs }: SummaryQuery) {
  return { date_histogram: { field: 'occurred_at', fixed_interval: `${bucketMs}ms` } };
}

export function summaryReply(
  picks: Counted<PickAggregations>,
  views: Counted<ViewAggregations>,
): Omit<SummaryReply, 'visitors' | 'visits'> {
  const none = Object.fromEntries(COLORS.map((color) => [color, 0])) as Record<Color, number>;
  const bySlice = (Object.keys(SLICES) as SliceName[]).map((slice) => {
    const { field } = SLICES[slice];
    const of = ({ total, aggregations }: Counted<ByField>) => ({ total, terms: aggregations?.[field] });
    return [slice, slicesOf(slice, of(views), of(picks))] as const;
  });
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
    slices: Object.fromEntries(bySlice) as unknown as SummaryReply['slices'],
  };
}

function counts(colors: Terms | undefined): Partial<Record<Color, number>> {
  const known = (colors?.buckets ?? []).filter(({ key }) => isColor(key));
  return Object.fromEntries(known.map(({ key, doc_count }) => [key, doc_count]));
}
