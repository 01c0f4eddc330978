import { tableOf } from '@pipeline/event-schema';
import { type DocumentStore } from './document-store.ts';
import { AnswerTooLarge, type ElasticsearchClient, NONE_IS_FINE } from './elasticsearch-client.ts';
import { readSearchPage } from './search-page.ts';

/** Pages are sized so that their answers have about so many bytes; one of more than the limit is asked for in pieces. */
const PAGE_BYTES = 8 << 20;
/** Elasticsearch's own limit, `index.max_result_window`. */
const MAX_HITS = 10_000;
const FIRST_HITS = 1_000;
const KEEP_ALIVE = '5m';

/** The names that es-sink gives; `<topic>-archive-…` belongs to somebody else. The name of a table hides its deleted rows. */
export function indicesOf(topic: string): string {
  return tableOf(topic) === undefined ? `${topic}-20*.*.*` : topic;
}

/** Reads all daily indices of a topic, or what the name of a table shows, over plain REST: a point in time, then page after page. */
export class ElasticsearchDocumentStore implements DocumentStore {
  private readonly indices: string;

  constructor(
    private readonly client: ElasticsearchClient,
    topic: string,
  ) {
    this.indices = indicesOf(topic);
  }

  async snapshot(): ReturnType<DocumentStore['snapshot']> {
    await this.client.call('POST', `/${this.indices}/_refresh?${NONE_IS_FINE}`);
    const answer = await this.client.call(
      'POST',
      `/${this.indices}/_pit?keep_alive=${KEEP_ALIVE}&${NONE_IS_FINE}`,
    );
    const { id } = JSON.parse(answer.toString()) as { id: string };
    return (onDocument) => this.readAll(id, onDocument);
  }

  private async readAll(
    firstPit: string,
    onDocument: (id: string, source: Buffer, index: string) => void,
  ): Promise<void> {
    let pit = firstPit;
    let size = FIRST_HITS;
    let after = '';
    try {
      for (;;) {
        const answer = await this.page(pit, size, after);
        if (answer === undefined) {
          size = Math.ceil(size / 4);
          continue;
        }
        const { hits, pit: nextPit, searchAfter } = readSearchPage(answer, onDocument);
        if (hits === 0 || searchAfter === undefined) return;
        pit = nextPit ?? pit;
        after = `,"search_after":${searchAfter}`;
        size = Math.max(1, Math.min(MAX_HITS, Math.floor((PAGE_BYTES * hits) / answer.length)));
      }
    } finally {
      await this.client.call('DELETE', '/_pit', JSON.stringify({ id: pit }));
    }
  }

  /** @returns nothing when fewer documents have to be asked for. */
  private async page(pit: string, size: number, after: string): Promise<Buffer | undefined> {
    const place = JSON.stringify({ id: pit, keep_alive: KEEP_ALIVE });
    const order = '"sort":["_shard_doc"],"track_total_hits":false';
    try {
      return await this.client.call('POST', '/_search', `{"size":${size},"pit":${place},${order}${after}}`);
    } catch (error) {
      if (error instanceof AnswerTooLarge && size > 1) return undefined;
      throw error;
    }
  }
}
