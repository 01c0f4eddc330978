import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countDocuments, searchDocuments } from './documents.ts';
import { MemoryHttpServer, type HttpAnswer } from './http-server.ts';

const asked: string[] = [];
const hit = (id: string) => ({ _id: id, _index: 'clicks-2026.11.22', _source: { event_id: id } });
const page = (...ids: string[]): HttpAnswer => ({
  body: JSON.stringify({ _scroll_id: 'next', hits: { hits: ids.map(hit) } }),
});
let pages: HttpAnswer[] = [];

/** Elasticsearch that hands out the pages above and counts by the query's own word. */
const server = new MemoryHttpServer(({ method, path, body }) => {
  const { pathname } = new URL(path, 'http://node');
  asked.push(`${method} ${pathname}`);
  if (pathname.endsWith('/_refresh')) return { body: '{}' };
  if (pathname.endsWith('/_count')) return { body: JSON.stringify({ count: body.includes('red') ? 3 : 7 }) };
  return pages.shift() ?? { status: 500, body: 'asked for too many pages' };
});

let elasticsearch = { elasticsearchUrl: '' };
beforeAll(async () => (elasticsearch = { elasticsearchUrl: await server.listen() }));
afterAll(() => server.close());
beforeEach(() => {
  asked.splice(0);
});

describe('the documents of an index', () => {
  it('are those of all pages', async () => {
    pages = [page('a', 'b'), page('c'), page()];
    const documents = await searchDocuments(elasticsearch, 'clicks-*');
    expect(documents.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(documents[0]).toEqual({ id: 'a', index: 'clicks-2026.11.22', source: { event_id: 'a' } });
  });

  it('include what was written a moment ago: a refresh comes first', async () => {
    pages = [page()];
    await searchDocuments(elasticsearch, 'clicks-*');
    expect(asked).toEqual(['POST /clicks-*/_refresh', 'POST /clicks-*/_search']);
  });

  it('are counted, all of them or those that match', async () => {
    expect(await countDocuments(elasticsearch, 'clicks-*')).toBe(7);
    expect(await countDocuments(elasticsearch, 'clicks-*', { term: { color_name: 'red' } })).toBe(3);
  });

  it('are not guessed when Elasticsearch refuses', async () => {
    pages = [{ status: 429, body: 'too busy' }];
    await expect(searchDocuments(elasticsearch, 'clicks-*')).rejects.toThrow('answered 429: too busy');
  });
});
