import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { DOCUMENT_FIELDS, EVENT_TOPICS, LATEST_FIELDS } from '@pipeline/event-schema';
import { FakeElasticsearch } from '@pipeline/testing/fake-stores';
import { ElasticsearchEventSearch } from './elasticsearch.event-search.ts';

const VIEWS = 'page-view-20*.*.*';

/** Answers in the shape that Elasticsearch 9.5.3 gave to these very requests. */
const answer = (shards: number, hits: object, aggregations?: object) => ({
  took: 17,
  timed_out: false,
  _shards: { total: shards, successful: shards, skipped: 0, failed: 0 },
  hits,
  ...(aggregations ? { aggregations } : {}),
});

let server: FakeElasticsearch;
let client: Client;
let search: ElasticsearchEventSearch;

beforeEach(async () => {
  server = await FakeElasticsearch.start();
  client = new Client({ node: server.url, maxRetries: 0 });
  search = new ElasticsearchEventSearch(client, 10_000);
});

afterEach(async () => {
  await server.stop();
  await client.close();
});

describe('the latest events', () => {
  const event = { user_name: 'Ann', color_name: 'red', kafka_offset: 1 };

  it('of no index are none', async () => {
    server.searchAnswer = answer(0, { max_score: 0, hits: [] });
    expect(await search.latest({ limit: 5 })).toEqual({ events: [] });
  });

  it('are the stored documents, in the order of the answer', async () => {
    const hit = (offset: number) => ({
      _index: 'select-color-2026.11.22',
      _id: 'a',
      _source: { ...event, kafka_offset: offset },
    });
    server.searchAnswer = answer(2, { max_score: null, hits: [hit(2), hit(1)] });
    expect(await search.latest({ limit: 2 })).toEqual({ events: [{ ...event, kafka_offset: 2 }, event] });
    expect(JSON.parse(server.requests[0]!.body)).toMatchObject({
      size: 2,
      sort: [{ received_at: { order: 'desc' } }, { kafka_offset: { order: 'desc' } }],
    });
  });

  it('are asked for with the fields that are shown, since whole events would be more than an answer may hold', async () => {
    server.searchAnswer = answer(0, { max_score: 0, hits: [] });
    await search.latest({ limit: 100 });
    await search.document({ eventId: 'a' });
    const fields = server.requests.map(({ body }) => (JSON.parse(body) as { _source: string[] })._source);
    expect(fields).toEqual([LATEST_FIELDS, DOCUMENT_FIELDS]);
    expect(LATEST_FIELDS).not.toContain('event_id');
  });
});

describe('the document of one event', () => {
  it('is looked for by its id in the indices of every topic, and may not be there', async () => {
    server.searchAnswer = answer(0, { max_score: 0, hits: [] });
    expect(await search.document({ eventId: 'a' })).toEqual({});
    const { path, body } = server.requests[0]!;
    expect(decodeURIComponent(path)).toContain(
      `/${EVENT_TOPICS.map((topic) => `${topic}-20*.*.*`).join(',')}/_search`,
    );
    expect(JSON.parse(body)).toMatchObject({ size: 1, query: { term: { event_id: 'a' } } });
  });

  it('is looked for by the place of its record too, in the indices of its topic', async () => {
    server.searchAnswer = answer(0, { max_score: 0, hits: [] });
    expect(await search.document({ topic: 'page-view', partition: 2, offset: 41 })).toEqual({});
    const { path, body } = server.requests[0]!;
    expect(decodeURIComponent(path)).toContain(`/${VIEWS}/_search`);
    expect((JSON.parse(body) as { query: object }).query).toEqual({
      bool: { filter: [{ term: { kafka_partition: 2 } }, { term: { kafka_offset: 41 } }] },
    });
  });

  it('comes with the name of its index', async () => {
    const hit = { _index: 'page-view-2026.11.22', _id: 'a', _source: { event_id: 'a' } };
    server.searchAnswer = answer(1, { max_score: 1, hits: [hit] });
    expect(await search.document({ eventId: 'a' })).toEqual({
      found: { index: 'page-view-2026.11.22', event: { event_id: 'a' } },
    });
  });
});

describe('a search of an index that was only just made', () => {
  // What Elasticsearch 9.5.3 says while the first shard starts.
  const reason = {
    type: 'search_phase_execution_exception',
    reason: 'Search rejected due to missing shards',
  };
  const starting = { answer: { status: 503, body: JSON.stringify({ error: reason, status: 503 }) } };

  it('waits for its shard instead of failing', async () => {
    server.searchAnswer = answer(1, { hits: [] });
    for (let attempt = 0; attempt < 3; attempt++) server.failNext('search', starting);
    expect(await search.document({ eventId: 'a' })).toEqual({});
  });

  it('fails when the shard does not come', async () => {
    server.failAlways('search', starting);
    await expect(search.document({ eventId: 'a' })).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a search that fails', () => {
  it.each([
    [{ answer: { status: 503 } } as const, 'unavailable'],
    [{ answer: 'reset' } as const, 'unavailable'],
  ])('says why: %j', async (fault, code) => {
    server.failNext('search', fault);
    await expect(search.latest({ limit: 1 })).rejects.toMatchObject({ name: 'StoreError', code });
  });

  it('is given up after its time limit', async () => {
    server.searchAnswer = answer(0, { hits: [] });
    await search.latest({ limit: 1 });
    server.failNext('search', { answer: 'hang' });
    const impatient = new ElasticsearchEventSearch(client, 100);
    await expect(impatient.latest({ limit: 1 })).rejects.toMatchObject({ code: 'timeout' });
  });
});
