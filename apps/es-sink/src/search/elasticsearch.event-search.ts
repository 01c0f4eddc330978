import { type Client, type estypes } from '@elastic/elasticsearch';
import {
  type LatestQuery,
  type LatestReply,
  type StoredEvent,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';
import { indexPattern } from '../elasticsearch/index-pattern.ts';
import { withinDeadline } from '../elasticsearch/within-deadline.ts';
import { type EventSearch } from './event-search.ts';
import { type SummaryAggregations, summaryReply, summaryRequest } from './summary-aggregation.ts';

export interface EventSearchOptions {
  readonly topic: string;
  readonly timeoutMs: number;
}

/** Searches the daily indices of one topic. No index yet is an empty answer; a missing shard is an error, never a lower number. */
export class ElasticsearchEventSearch implements EventSearch {
  private readonly indices: Pick<
    estypes.SearchRequest,
    'index' | 'ignore_unavailable' | 'allow_no_indices' | 'allow_partial_search_results'
  >;

  constructor(
    private readonly client: Client,
    private readonly options: EventSearchOptions,
  ) {
    this.indices = {
      index: indexPattern(options.topic),
      ignore_unavailable: true,
      allow_no_indices: true,
      allow_partial_search_results: false,
    };
  }

  async summary(query: SummaryQuery): Promise<SummaryReply> {
    const { hits, aggregations } = await this.ask<SummaryAggregations>(summaryRequest(query));
    return summaryReply(typeof hits.total === 'number' ? hits.total : (hits.total?.value ?? 0), aggregations);
  }

  async latest({ limit }: LatestQuery): Promise<LatestReply> {
    const { hits } = await this.ask({
      size: limit,
      track_total_hits: false,
      // An index whose events all lack the field must not fail the others.
      sort: [
        { received_at: { order: 'desc', unmapped_type: 'date' } },
        { kafka_offset: { order: 'desc', unmapped_type: 'long' } },
      ],
    });
    return { events: hits.hits.flatMap(({ _source }) => _source ?? []) };
  }

  private ask<Aggregations = never>(
    request: estypes.SearchRequest,
  ): Promise<estypes.SearchResponse<StoredEvent, Aggregations>> {
    const search = { ...this.indices, ...request };
    return withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.search<StoredEvent, Aggregations>(search, limits),
    );
  }
}
