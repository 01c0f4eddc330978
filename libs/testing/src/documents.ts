import { type LocalStack } from '@pipeline/local-stack';

type Elasticsearch = Pick<LocalStack, 'elasticsearchUrl'>;

/** A document as it was indexed, with the names that Elasticsearch gives it. */
export interface StoredDocument {
  readonly id: string;
  readonly index: string;
  readonly source: Readonly<Record<string, unknown>>;
}

interface SearchAnswer {
  readonly _scroll_id: string;
  readonly hits: { readonly hits: { _id: string; _index: string; _source: Record<string, unknown> }[] };
}

const PAGE = 5_000;
const EVERYTHING = { match_all: {} };

/**
 * All documents that match, of all pages. What was acknowledged before the call is found; no index, no documents.
 * @param indices a name or pattern, such as `select-color-*`.
 */
export async function searchDocuments(
  stack: Elasticsearch,
  indices: string,
  query: object = EVERYTHING,
): Promise<StoredDocument[]> {
  await refresh(stack, indices);
  const documents: StoredDocument[] = [];
  const first = `/${indices}/_search?scroll=1m&allow_no_indices=true&ignore_unavailable=true`;
  let page = await call<SearchAnswer>(stack, first, { size: PAGE, query, sort: ['_doc'] });
  while (page.hits.hits.length > 0) {
    documents.push(
      ...page.hits.hits.map(({ _id, _index, _source }) => ({ id: _id, index: _index, source: _source })),
    );
    page = await call(stack, '/_search/scroll', { scroll: '1m', scroll_id: page._scroll_id });
  }
  return documents;
}

/** The number of documents that match. What was acknowledged before the call is counted. */
export async function countDocuments(
  stack: Elasticsearch,
  indices: string,
  query: object = EVERYTHING,
): Promise<number> {
  await refresh(stack, indices);
  const path = `/${indices}/_count?allow_no_indices=true&ignore_unavailable=true`;
  return (await call<{ count: number }>(stack, path, { query })).count;
}

async function refresh(stack: Elasticsearch, indices: string): Promise<void> {
  await call(stack, `/${indices}/_refresh?allow_no_indices=true&ignore_unavailable=true`, undefined);
}

async function call<T>(
  { elasticsearchUrl }: Elasticsearch,
  path: string,
  body: object | undefined,
): Promise<T> {
  const response = await fetch(`${elasticsearchUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
