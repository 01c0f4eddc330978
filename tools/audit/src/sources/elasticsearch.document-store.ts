import { AuditError } from '../audit-error.ts';
import { type DocumentStore } from './document-store.ts';
import { readSearchPage } from './search-page.ts';

/** Pages are sized so that their answers have about so many bytes; one of more than the limit is asked for in pieces. */
const PAGE_BYTES = 8 << 20;
const MAX_PAGE_BYTES = 64 << 20;
/** Elasticsearch's own limit, `index.max_result_window`. */
const MAX_HITS = 10_000;
const FIRST_HITS = 1_000;
const KEEP_ALIVE = '5m';
const TIMEOUT_MS = 120_000;
const NONE_IS_FINE = 'allow_no_indices=true&ignore_unavailable=true';

export interface ElasticsearchAccess {
  /** Nodes; the first that answers is used. */
  readonly nodes: readonly string[];
  readonly authorization: string | undefined;
}

class PageTooLarge extends Error {}

/** Reads all daily indices of a topic over plain REST: a point in time, then page after page. */
export class ElasticsearchDocumentStore implements DocumentStore {
  /** The names that es-sink gives; `<topic>-archive-…` belongs to somebody else. */
  private readonly indices: string;

  constructor(
    private readonly access: ElasticsearchAccess,
    topic: string,
  ) {
    this.indices = `${topic}-20*.*.*`;
  }

  async snapshot(): ReturnType<DocumentStore['snapshot']> {
    await this.call('POST', `/${this.indices}/_refresh?${NONE_IS_FINE}`);
    const answer = await this.call('POST', `/${this.indices}/_pit?keep_alive=${KEEP_ALIVE}&${NONE_IS_FINE}`);
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
      await this.call('DELETE', '/_pit', JSON.stringify({ id: pit }));
    }
  }

  /** @returns nothing when fewer documents have to be asked for. */
  private async page(pit: string, size: number, after: string): Promise<Buffer | undefined> {
    const place = JSON.stringify({ id: pit, keep_alive: KEEP_ALIVE });
    const order = '"sort":["_shard_doc"],"track_total_hits":false';
    try {
      return await this.call('POST', '/_search', `{"size":${size},"pit":${place},${order}${after}}`);
    } catch (error) {
      if (error instanceof PageTooLarge && size > 1) return undefined;
      throw error;
    }
  }

  private async call(method: string, path: string, body?: string): Promise<Buffer> {
    let failure: unknown;
    for (const node of this.access.nodes) {
      try {
        return await exchange(`${node}${path}`, { method, body, authorization: this.access.authorization });
      } catch (error) {
        if (error instanceof PageTooLarge) throw error;
        failure = error;
      }
    }
    const nodes = this.access.nodes.join();
    throw new AuditError(
      'elasticsearch',
      `Elasticsearch at ${nodes} (ELASTICSEARCH_NODE): ${reasonOf(failure)}`,
      {
        cause: failure,
      },
    );
  }
}

interface Exchange {
  readonly method: string;
  readonly body: string | undefined;
  readonly authorization: string | undefined;
}

async function exchange(url: string, { method, body, authorization }: Exchange): Promise<Buffer> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      // Compressing hundreds of megabytes costs both sides more than carrying them.
      'accept-encoding': 'identity',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { body }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_PAGE_BYTES) throw new PageTooLarge('The answer is too large');
    chunks.push(chunk);
  }
  const answer = Buffer.concat(chunks, length);
  if (response.ok) return answer;
  throw new Error(
    `${method} ${new URL(url).pathname} was answered ${response.status}: ${answer.toString().slice(0, 300)}`,
  );
}

/** `fetch` hides the reason in the cause. */
function reasonOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  return failure.cause instanceof Error ? `${failure.message}: ${failure.cause.message}` : failure.message;
}
