import { type Client, type estypes } from '@elastic/elasticsearch';
import {
  DOCUMENT_FIELDS,
  type DocumentQuery,
  type DocumentReply,
  EVENT_TOPICS,
  LATEST_FIELDS,
  type LatestQuery,
  type LatestReply,
  type SelectColorRecord,
  type StoredEvent,
  type SummaryQuery,
  type SummaryReply,
  TOPICS,
} from '@pipeline/event-schema';
import { indexPattern } from '../elasticsearch/index-template.ts';
import { withinDeadline } from '../elasticsearch/within-deadline.ts';
import { type EventSearch } from './event-search.ts';
import { onceShardsStarted } from './once-shards-started.ts';
import {
  type Audience,
  type Each,
  type EachVisitorReply,
  type EachVisitReply,
  visitCounts,
  visitorCounts,
  visitorsRequest,
  visitsRequest,
} from './sessions.ts';
import { BY_FIELD, clausesOf, fieldsOf, type SliceField, type Terms } from './slices.ts';
import {
  audienceRequest,
  countedEvents,
  counting,
  eventsOf,
  type PickAggregations,
  picksRequest,
  summaryReply,
  type ViewAggregations,
  viewsRequest,
} from './summary-aggregation.ts';

type Query = NonNullable<estypes.SearchRequest['query']>;
type SearchReply<Aggregations> = estypes.SearchResponse<StoredEvent<SelectColorRecord>, Aggregations>;

/** What visitors do: the events that a summary counts. */
const BEHAVIOUR = [TOPICS.selectColor.name, TOPICS.pageView.name];

const NO_AUDIENCE: Audience = { visitors: { value: 0 }, visits: { value: 0 }, unnamed: { doc_count: 0 } };

/** No index yet is an empty answer; a missing shard is an error, never a lower number. */
const COMPLETE = { ignore_unavailable: true, allow_no_indices: true, allow_partial_search_results: false };

/** Searches the daily indices of our topics. */
export class ElasticsearchEventSearch implements EventSearch {
  constructor(
    private readonly client: Client,
    private readonly timeoutMs: number,
  ) {}

  async summary(query: SummaryQuery): Promise<SummaryReply> {
    const clauses = await this.clauses(query);
    const [picks, views, audience] = await Promise.all([
      this.ask<PickAggregations>(TOPICS.selectColor.name, picksRequest(query, clauses)),
      this.ask<ViewAggregations>(TOPICS.pageView.name, viewsRequest(query, clauses)),
      this.ask<Audience>(BEHAVIOUR, audienceRequest(query, clauses)),
    ]);
    const { visitors, visits, unnamed } = audience.aggregations ?? NO_AUDIENCE;
    const events = countedEvents(query, clauses);
    const [eachVisitor, eachVisit] = await Promise.all([
      this.each<EachVisitorReply>(visitors.value, events, visitorsRequest),
      query.withVisits ? this.each<EachVisitReply>(visits.value, events, visitsRequest) : undefined,
    ]);
    return {
      ...summaryReply(counted(picks), counted(views)),
      visitors: visitorCounts(visitors.value, unnamed.doc_count, eachVisitor),
      ...(query.withVisits && { visits: visitCounts(visits.value, eachVisit) }),
    };
  }

  /** What the filters mean for the values that occur in the range. */
  private async clauses(query: SummaryQuery): Promise<Query[]> {
    const { filters = {} } = query;
    const fields = fieldsOf(filters);
    if (fields.length === 0) return [];
    const { aggregations } = await this.ask<Partial<Record<SliceField, Terms>>>(BEHAVIOUR, {
      ...counting(eventsOf(query)),
      aggregations: Object.fromEntries(fields.map((field) => [field, BY_FIELD[field]])),
    });
    const values = Object.fromEntries(
      fields.map((field) => [field, aggregations?.[field]?.buckets.map(({ key }) => key) ?? []]),
    );
    return clausesOf(filters, values);
  }

  private async each<Reply extends Each<unknown>>(
    count: number,
    query: Query,
    request: (count: number) => Record<string, estypes.AggregationsAggregationContainer>,
  ): Promise<Reply | undefined> {
    if (count === 0) return undefined;
    const search = { size: 0, track_total_hits: false, query, aggregations: request(count) };
    return (await this.ask<Reply>(BEHAVIOUR, search)).aggregations;
  }

  async latest({ limit }: LatestQuery): Promise<LatestReply> {
    const { hits } = await this.ask(TOPICS.selectColor.name, {
      size: limit,
      track_total_hits: false,
      _source: [...LATEST_FIELDS],
      // An index whose events all lack the field must not fail the others.
      sort: [
        { received_at: { order: 'desc', unmapped_type: 'date' } },
        { kafka_offset: { order: 'desc', unmapped_type: 'long' } },
      ],
    });
    return { events: hits.hits.flatMap(({ _source }) => _source ?? []) };
  }

  async document(query: DocumentQuery): Promise<DocumentReply> {
    const { hits } = await this.ask('topic' in query ? query.topic : EVENT_TOPICS, {
      size: 1,
      track_total_hits: false,
      _source: [...DOCUMENT_FIELDS],
      query: documentOf(query),
    });
    const [hit] = hits.hits;
    return hit?._source ? { found: { index: hit._index, event: hit._source } } : {};
  }

  private ask<Aggregations = never>(
    topics: string | readonly string[],
    request: estypes.SearchRequest,
  ): Promise<SearchReply<Aggregations>> {
    const search = { index: [topics].flat().map(indexPattern), ...COMPLETE, ...request };
    return withinDeadline(this.timeoutMs, (limits) =>
      onceShardsStarted(() =>
        this.client.search<StoredEvent<SelectColorRecord>, Aggregations>(search, limits),
      ),
    );
  }
}

function documentOf(query: DocumentQuery) {
  if ('eventId' in query) return { term: { event_id: query.eventId } };
  const { partition, offset } = query;
  return { bool: { filter: [{ term: { kafka_partition: partition } }, { term: { kafka_offset: offset } }] } };
}

/** An answer's count and aggregations; none where no index exists. */
function counted<Aggregations>({ hits, aggregations }: SearchReply<Aggregations>) {
  return { total: typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? 0), aggregations };
}
