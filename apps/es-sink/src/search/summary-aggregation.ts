import { type estypes } from '@elastic/elasticsearch';
import { type Color, COLORS, isColor, type SummaryQuery, type SummaryReply } from '@pipeline/event-schema';

interface ColorCounts {
  readonly buckets: readonly { readonly key: string; readonly doc_count: number }[];
}

/** The answer's aggregations, by the names that {@link summaryRequest} gives them; absent when no index exists. */
export interface SummaryAggregations {
  readonly by_color: ColorCounts;
  readonly by_time: { readonly buckets: readonly { readonly key: number; readonly by_color: ColorCounts }[] };
}

/** The body of the search that counts events by colour, and by colour and time. */
export function summaryRequest({ from, to, bucketMs }: SummaryQuery) {
  const byColor = { terms: { field: 'color_name', include: [...COLORS], size: COLORS.length } };
  return {
    size: 0,
    track_total_hits: true,
    query: { range: { occurred_at: { gte: from, lt: to } } },
    aggregations: {
      by_color: byColor,
      by_time: {
        date_histogram: { field: 'occurred_at', fixed_interval: `${bucketMs}ms` },
        aggregations: { by_color: byColor },
      },
    },
  } satisfies estypes.SearchRequest;
}

export function summaryReply(total: number, aggregations: SummaryAggregations | undefined): SummaryReply {
  const none = Object.fromEntries(COLORS.map((color) => [color, 0])) as Record<Color, number>;
  return {
    total,
    byColor: { ...none, ...counts(aggregations?.by_color) },
    buckets: (aggregations?.by_time.buckets ?? []).map(({ key, by_color }) => ({
      start: new Date(key).toISOString(),
      byColor: counts(by_color),
    })),
  };
}

function counts(colors: ColorCounts | undefined): Partial<Record<Color, number>> {
  const known = (colors?.buckets ?? []).filter(({ key }) => isColor(key));
  return Object.fromEntries(known.map(({ key, doc_count }) => [key, doc_count]));
}
