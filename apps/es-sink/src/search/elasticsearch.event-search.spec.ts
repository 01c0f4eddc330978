import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { DOCUMENT_FIELDS, EVENT_TOPICS, LATEST_FIELDS } from '@pipeline/event-schema';
import { FakeElasticsearch } from '@pipeline/testing/fake-stores';
import { ElasticsearchEventSearch } from './elasticsearch.event-search.ts';

const QUERY = { from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T01:00:00.000Z', bucketMs: 1_800_000 };
const PICKS = 'select-color-20*.*.*';
const VIEWS = 'page-view-20*.*.*';
const NO_COLOR = { red: 0, orange: 0, yellow: 0, green: 0, blue: 0, navy: 0, purple: 0 };

const colors = (counts: Record<string, number>) => ({
  doc_count_error_upper_bound: 0,
  sum_other_doc_count: 0,
  buckets: Object.entries(counts).map(([key, doc_count]) => ({ key, doc_count })),
});

const bucket = (start: string, counts: Record<string, number>) => ({
  key_as_string: start,
  key: Date.parse(start),
  doc_count: Object.values(counts).reduce((sum, count) => sum + count, 0),
  by_color: colors(counts),
});

/** Answers in the shape that Elasticsearch 9.5.3 gave to these very requests. */
const answer = (shards: number, hits: object, aggregations?: object) => ({
  took: 17,
  timed_out: false,
  _shards: { total: shards, successful: shards, skipped: 0, failed: 0 },
  hits,
  ...(aggregations ? { aggregations } : {}),
});

const none = { total: { value: 0, relation: 'eq' }, max_score: null, hits: [] };
const audience = (distinct: number, unnamed = 0) => ({
  visitors: { value: distinct },
  unnamed: { doc_count: unnamed },
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

describe('a summary', () => {
  it('of no index is all zeros', async () => {
    server.searchAnswer = answer(0, { total: { value: 0, relation: 'eq' }, max_score: 0, hits: [] });
    expect(await search.summary(QUERY)).toEqual({
      total: 0,
      byColor: NO_COLOR,
      buckets: [],
      pageViews: { total: 0, buckets: [] },
      visitors: { viewed: 0, picked: 0 },
      browsers: [],
      devices: [],
    });
  });

  it('of one index has its counts and its buckets', async () => {
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      PICKS,
      answer(
        1,
        { ...none, total: { value: 2, relation: 'eq' } },
        {
          ...audience(2),
          by_agent: colors({}),
          by_color: colors({ blue: 1, red: 1 }),
          by_time: { buckets: [bucket('2026-11-22T00:00:00.000Z', { red: 1, blue: 1 })] },
        },
      ),
    );
    expect(await search.summary(QUERY)).toMatchObject({
      total: 2,
      byColor: { ...NO_COLOR, blue: 1, red: 1 },
      buckets: [{ start: '2026-11-22T00:00:00.000Z', byColor: { red: 1, blue: 1 } }],
    });
  });

  it('of many indices runs over the border of the day, empty buckets included', async () => {
    const buckets = [
      bucket('2026-11-21T23:00:00.000Z', { red: 2 }),
      bucket('2026-11-21T23:30:00.000Z', {}),
      bucket('2026-11-22T00:00:00.000Z', { red: 1 }),
      bucket('2026-11-22T00:30:00.000Z', { blue: 1 }),
    ];
    const hits = { total: { value: 4, relation: 'eq' }, max_score: null, hits: [] };
    const by_color = colors({ red: 3, blue: 1 });
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      PICKS,
      answer(2, hits, { ...audience(4), by_agent: colors({}), by_color, by_time: { buckets } }),
    );
    const { total, byColor, buckets: counted } = await search.summary(QUERY);
    expect({ total, byColor }).toEqual({ total: 4, byColor: { ...NO_COLOR, red: 3, blue: 1 } });
    expect(counted.map(({ start, byColor: counts }) => [start, counts])).toEqual([
      ['2026-11-21T23:00:00.000Z', { red: 2 }],
      ['2026-11-21T23:30:00.000Z', {}],
      ['2026-11-22T00:00:00.000Z', { red: 1 }],
      ['2026-11-22T00:30:00.000Z', { blue: 1 }],
    ]);
  });

  it('has page views over time, and visitors: distinct ones, and each event that names none', async () => {
    const at = Date.parse('2026-11-22T00:00:00.000Z');
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      VIEWS,
      answer(
        1,
        { ...none, total: { value: 5, relation: 'eq' } },
        {
          ...audience(3, 1),
          by_time: { buckets: [{ key: at, doc_count: 5 }] },
        },
      ),
    );
    expect(await search.summary(QUERY)).toMatchObject({
      total: 0,
      pageViews: { total: 5, buckets: [{ start: '2026-11-22T00:00:00.000Z', count: 5 }] },
      visitors: { viewed: 4, picked: 0 },
    });
  });

  it('has browsers and devices that add up, the rare and the missing as other', async () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    const old = 'Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0';
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      PICKS,
      answer(
        1,
        { ...none, total: { value: 10, relation: 'eq' } },
        {
          ...audience(1),
          by_color: colors({}),
          by_time: { buckets: [] },
          by_agent: { buckets: [firefox, old, 'curl/8'].map((key, n) => ({ key, doc_count: 4 - n })) },
        },
      ),
    );
    expect(await search.summary(QUERY)).toMatchObject({
      browsers: [
        { name: 'Firefox', count: 7 },
        { name: 'bot', count: 2 },
        { name: 'other', count: 1 },
      ],
      devices: [
        { name: 'desktop', count: 7 },
        { name: 'bot', count: 2 },
        { name: 'other', count: 1 },
      ],
    });
  });

  it('asks only our own indices, for the range without its end, and for an exact count', async () => {
    server.searchAnswer = answer(0, { hits: [] });
    await search.summary(QUERY);
    const asked = server.requests.map(({ path }) => decodeURIComponent(path.split('?')[0]!));
    expect(asked.sort()).toEqual([`/${VIEWS}/_search`, `/${PICKS}/_search`]);
    const { path, body } = server.requests.find(({ path: at }) => at.startsWith('/select-color'))!;
    const { searchParams } = new URL(path, 'http://local');
    expect(searchParams.get('allow_partial_search_results')).toBe('false');
    expect(JSON.parse(body)).toMatchObject({
      track_total_hits: true,
      query: { range: { occurred_at: { gte: QUERY.from, lt: QUERY.to } } },
      aggregations: { by_time: { date_histogram: { fixed_interval: '1800000ms' } } },
    });
  });
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
