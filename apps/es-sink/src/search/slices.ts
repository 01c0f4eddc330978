import { type estypes } from '@elastic/elasticsearch';
import { type FilterName, type Filters, type Slice } from '@pipeline/event-schema';
import { type Agent, agentOf } from './user-agent.ts';

type Query = NonNullable<estypes.SearchRequest['query']>;

/** Events by the value of one field, as a terms aggregation tells them. */
export interface Terms {
  readonly buckets: readonly { readonly key: string; readonly doc_count: number }[];
}

/** Different values looked at, most frequent first; events with rarer ones count as `other`. */
export const MAX_VALUES = 10_000;
/** Names told of each slice; the others are `other`. */
const MAX_NAMES = 100;
/** Longer names are `other`: visitors choose them, and an answer has to fit a record of Kafka. */
export const MAX_NAME_BYTES = 300;

/** Host and path of a page. */
export function pageOf(url: string): string {
  return /^https?:\/\/([^?#]*)/i.exec(url)?.[1] ?? url;
}

/** The site that sent a visitor; `direct` where the browser named none. */
export function referrerOf(url: string): string {
  return url === '' ? 'direct' : (/^https?:\/\/([^/?#]*)/i.exec(url)?.[1] ?? url);
}

type UtmName = 'utm_source' | 'utm_medium' | 'utm_campaign';

/** A parameter of a campaign in the address of a page; `none` where there is none. */
export function utmOf(name: UtmName, url: string): string {
  const query = url.split('#', 1)[0]!.split('?').slice(1).join('?');
  return new URLSearchParams(query).get(name) || 'none';
}

/** Which field a slice is read from, and how. */
export const SLICES: Readonly<
  Record<
    Exclude<FilterName, 'color'>,
    { readonly field: 'page_url' | 'referrer' | 'user_agent'; readonly name: (value: string) => string }
  >
> = {
  page: { field: 'page_url', name: pageOf },
  referrer: { field: 'referrer', name: referrerOf },
  utm_source: { field: 'page_url', name: (url) => utmOf('utm_source', url) },
  utm_medium: { field: 'page_url', name: (url) => utmOf('utm_medium', url) },
  utm_campaign: { field: 'page_url', name: (url) => utmOf('utm_campaign', url) },
  browser: { field: 'user_agent', name: (agent) => agentOf(agent).browser },
  os: { field: 'user_agent', name: (agent) => agentOf(agent).os },
  device: { field: 'user_agent', name: (agent): Agent['device'] => agentOf(agent).device },
};

export type SliceName = keyof typeof SLICES;
export type SliceField = (typeof SLICES)[SliceName]['field'];

const FIELDS: readonly SliceField[] = ['page_url', 'referrer', 'user_agent'];

/** Aggregations over the fields from which slices are read, under the names of the fields. */
export const BY_FIELD = Object.fromEntries(
  FIELDS.map((field) => [field, { terms: { field, size: MAX_VALUES } }]),
) as Readonly<Record<SliceField, estypes.AggregationsAggregationContainer>>;

/** Fields of which the values have to be known before a filter can be said. */
export function fieldsOf(filters: Filters): SliceField[] {
  const names = Object.keys(filters) as FilterName[];
  return [...new Set(names.flatMap((name) => (name === 'color' ? [] : SLICES[name].field)))];
}

/**
 * What events must have. A slice is a function of a field's value, so its filter is the list of the values that belong to
 * it: `values` are those that occur in the range.
 */
export function clausesOf(filters: Filters, values: Partial<Record<SliceField, readonly string[]>>): Query[] {
  return (Object.entries(filters) as [FilterName, string][]).flatMap(([filter, wanted]) => {
    if (filter === 'color') return [];
    const { field, name } = SLICES[filter];
    const matching = (values[field] ?? []).filter((value) => name(value) === wanted);
    const has = { terms: { [field]: matching } };
    // An event without the field belongs to the slice that an empty value belongs to.
    if (name('') !== wanted) return has;
    return {
      bool: { should: [has, { bool: { must_not: { exists: { field } } } }], minimum_should_match: 1 },
    };
  });
}

/** The slices of one name, most first; what was not listed (rare values) is `other`, so that they add up. */
export function slicesOf(
  slice: SliceName,
  views: { readonly total: number; readonly terms: Terms | undefined },
  picks: { readonly total: number; readonly terms: Terms | undefined },
): Slice[] {
  const { name } = SLICES[slice];
  const counts = new Map<string, { views: number; picks: number }>();
  const add = (of: 'views' | 'picks', { total, terms }: typeof views): void => {
    let rest = total;
    const count = (key: string, n: number): void => {
      if (n === 0) return;
      const told = Buffer.byteLength(key) > MAX_NAME_BYTES ? 'other' : key;
      const entry = counts.get(told) ?? { views: 0, picks: 0 };
      entry[of] += n;
      counts.set(told, entry);
    };
    for (const { key, doc_count } of terms?.buckets ?? []) {
      count(name(key), doc_count);
      rest -= doc_count;
    }
    count((terms?.buckets.length ?? 0) < MAX_VALUES ? name('') || 'other' : 'other', rest);
  };
  add('views', views);
  add('picks', picks);
  return shortened([...counts].map(([key, count]) => ({ name: key, ...count })));
}

function shortened(slices: readonly Slice[]): Slice[] {
  const sorted = [...slices].sort(
    (a, b) => b.views - a.views || b.picks - a.picks || (a.name < b.name ? -1 : 1),
  );
  if (sorted.length <= MAX_NAMES) return sorted;
  const others = [
    ...sorted.filter(({ name }) => name === 'other'),
    ...sorted.filter(({ name }) => name !== 'other').slice(MAX_NAMES - 1),
  ];
  const kept = sorted.filter((slice) => !others.includes(slice));
  const sum = (of: 'views' | 'picks') => others.reduce((total, slice) => total + slice[of], 0);
  return [...kept, { name: 'other', views: sum('views'), picks: sum('picks') }];
}
