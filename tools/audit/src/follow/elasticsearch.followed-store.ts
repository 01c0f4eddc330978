import { type Ledger } from '../ledger/ledger.ts';
import {
  AnswerTooLarge,
  type Answer,
  type ElasticsearchClient,
  NONE_IS_FINE,
} from '../sources/elasticsearch-client.ts';
import { indicesOf } from '../sources/elasticsearch.document-store.ts';
import { readSearchPage } from '../sources/search-page.ts';
import { type RecordRange } from './followed-kafka.ts';
import { type FollowedStore, type HourRange, type StepWindow, type Window } from './followed-store.ts';
import { HitsInStep } from './hits-in-step.ts';

/** An id is in an index once, and one index is where it belongs: {@link MAX_HITS} leave room for copies. */
const MAX_IDS = 4_000;
const MAX_PAGE_BYTES = 4 << 20;
/** Elasticsearch's own limit, `index.max_result_window`. */
const MAX_HITS = 10_000;

/** Of a search for the documents of some ids in the order of their offsets; the ids come between. */
const STEP_HEAD = Buffer.from(`{"size":${MAX_HITS},"track_total_hits":false,"query":{"ids":{"values":[`);
const STEP_TAIL = Buffer.from(']}},"sort":[{"kafka_offset":{"unmapped_type":"long"}}]}');

/** Without `aggregations` while there is no index. */
interface CountsAnswer {
  readonly aggregations?: { readonly hours: { readonly buckets: readonly { readonly doc_count: number }[] } };
}

type OnDocument = (id: string, source: Buffer, index: string) => void;

/**
 * The daily indices of one topic. All documents of the window's ids are asked for, in whichever index they are: so one
 * that is missing and one that is there twice are seen. How many documents name the offsets of an hour is the measure.
 */
export class ElasticsearchFollowedStore implements FollowedStore {
  readonly name = 'elasticsearch';
  readonly maxRecords = 20_000;
  private readonly indices: string;
  private readonly hits = new HitsInStep();
  /** Whether a search sees what was stored before this look began. */
  private isRefreshed = false;

  constructor(
    private readonly client: ElasticsearchClient,
    private readonly topic: string,
  ) {
    this.indices = indicesOf(topic);
  }

  begin(): void {
    this.isRefreshed = false;
  }

  async readInStep({ records, texts, lineage }: StepWindow): Promise<number | undefined> {
    if (texts === undefined) return undefined;
    await this.refresh();
    const { count } = records;
    const size = pageOf(count, texts.bodyEnd(count - 1));
    for (let from = 0; from < count; from += size) {
      const to = Math.min(count, from + size);
      const body = Buffer.concat([STEP_HEAD, texts.idList(from, to), STEP_TAIL]);
      try {
        this.hits.expect({ texts, records, lineage, from, to });
        await this.search(body, this.hits);
        if (!this.hits.end()) return undefined;
      } catch (error) {
        if (error instanceof AnswerTooLarge) return undefined;
        throw error;
      }
    }
    return count;
  }

  async read(window: Window, ledger: Ledger): Promise<number> {
    await this.refresh();
    const seen = new Set<string>();
    const onDocument: OnDocument = (id, source, index) => {
      if (window.isThorough) seen.add(`${index}/${id}`);
      ledger.addDocument(id, source, index);
    };
    const size = pageOf(window.ids.length, window.bytes);
    for (let at = 0; at < window.ids.length; at += size) {
      await this.readIds(window.ids.slice(at, at + size), onDocument);
    }
    if (window.isThorough) {
      await this.readRange(window, (id, source, index) => {
        if (!seen.has(`${index}/${id}`)) ledger.addDocument(id, source, index);
      });
    }
    return ledger.hours.list().reduce((sum, { documents }) => sum + documents, 0);
  }

  async measure(hours: readonly HourRange[]): Promise<number[]> {
    const filters = hours.map((hour) => this.naming(hour));
    const body = JSON.stringify({
      size: 0,
      track_total_hits: false,
      query: { bool: { should: filters } },
      aggs: { hours: { filters: { filters } } },
    });
    const { aggregations } = JSON.parse((await this.search(body)).toString()) as CountsAnswer;
    return aggregations?.hours.buckets.map(({ doc_count: count }) => count) ?? hours.map(() => 0);
  }

  private async refresh(): Promise<void> {
    if (this.isRefreshed) return;
    await this.client.call('POST', `/${this.indices}/_refresh?${NONE_IS_FINE}`);
    this.isRefreshed = true;
  }

  private async readIds(ids: readonly string[], onDocument: OnDocument): Promise<void> {
    const query = { ids: { values: ids } };
    try {
      const { hits } = await this.page({ size: MAX_HITS, query, track_total_hits: false }, onDocument);
      if (hits === MAX_HITS) throw new Error(`${ids.length} ids have ${MAX_HITS} documents or more`);
      return;
    } catch (error) {
      if (!(error instanceof AnswerTooLarge) || ids.length === 1) throw error;
    }
    const half = Math.ceil(ids.length / 2);
    await this.readIds(ids.slice(0, half), onDocument);
    await this.readIds(ids.slice(half), onDocument);
  }

  /** All documents that name offsets of the range, whatever their ids. */
  private async readRange(range: RecordRange, onDocument: OnDocument): Promise<void> {
    const query = this.naming(range);
    const sort = ['kafka_offset', 'event_id'];
    let size = MAX_IDS;
    for (let after: unknown; ;) {
      const body = { size, query, sort, track_total_hits: false, ...(after ? { search_after: after } : {}) };
      try {
        const { hits, searchAfter } = await this.page(body, onDocument);
        if (hits < size || searchAfter === undefined) return;
        after = JSON.parse(searchAfter);
      } catch (error) {
        if (!(error instanceof AnswerTooLarge) || size === 1) throw error;
        size = Math.ceil(size / 4);
      }
    }
  }

  /** An answer is handed over only when it is there as a whole. */
  private async page(body: object, onDocument: OnDocument) {
    return readSearchPage(await this.search(JSON.stringify(body)), onDocument);
  }

  private search(body: string | Buffer, into?: Answer): Promise<Buffer> {
    const path = `/${this.indices}/_search?${NONE_IS_FINE}&allow_partial_search_results=false`;
    return this.client.call('POST', path, body, into);
  }

  private naming({ partition, startOffset, nextOffset }: RecordRange): object {
    return {
      bool: {
        filter: [
          { term: { kafka_topic: this.topic } },
          { term: { kafka_partition: partition } },
          { range: { kafka_offset: { gte: startOffset, lt: nextOffset } } },
        ],
      },
    };
  }
}

/** Ids of a question, of so many with so many bytes of events. */
function pageOf(ids: number, bytes: number): number {
  return Math.min(MAX_IDS, Math.max(1, Math.floor((MAX_PAGE_BYTES / Math.max(1, bytes)) * ids)));
}
