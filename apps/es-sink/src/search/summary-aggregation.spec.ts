import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { FakeElasticsearch } from '@pipeline/testing/fake-stores';
import { ElasticsearchEventSearch } from './elasticsearch.event-search.ts';

const QUERY = { from: '2026-11-21T23:00:00.000Z', to: '2026-11-22T01:00:00.000Z', bucketMs: 1_800_000 };
const PICKS = 'select-color-20*.*.*';
const VIEWS = 'page-view-20*.*.*';
const BOTH = `${PICKS},${VIEWS}`;
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
/** Aggregations of picks or views where nothing is told of what they came from. */
const plain = { page_url: { buckets: [] }, referrer: { buckets: [] }, user_agent: { buckets: [] } };
const counted = (value: number) => ({ ...none, total: { value, relation: 'eq' } });
const each = (...visitors: readonly (readonly [events: number, picks: number])[]) => ({
  sum_other_doc_count: 0,
  buckets: visitors.map(([doc_count, picks]) => ({ doc_count, picks: { doc_count: picks } })),
});
const audience = (visitors: number, unnamed = 0, visits = 0) => ({
  visitors: { value: visitors },
  visits: { value: visits },
  unnamed: { doc_count: unnamed },
});
const requestsTo = (pattern: string) =>
  server.requests
    .filter(({ path }) => decodeURIComponent(path.split('?')[0]!) === `/${pattern}/_search`)
    .map(({ body }) => JSON.parse(body) as { query: object; aggregations: Record<string, object> });

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
      visitors: { all: 0, saw: 0, converted: 0, compared: 0, unnamedEvents: 0 },
      slices: {
        page: [],
        referrer: [],
        utm_source: [],
        utm_medium: [],
        utm_campaign: [],
        browser: [],
        os: [],
        device: [],
      },
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
          ...plain,
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
    server.searchAnswers.set(PICKS, answer(2, hits, { ...plain, by_color, by_time: { buckets } }));
    const { total, byColor, buckets: counted } = await search.summary(QUERY);
    expect({ total, byColor }).toEqual({ total: 4, byColor: { ...NO_COLOR, red: 3, blue: 1 } });
    expect(counted.map(({ start, byColor: counts }) => [start, counts])).toEqual([
      ['2026-11-21T23:00:00.000Z', { red: 2 }],
      ['2026-11-21T23:30:00.000Z', {}],
      ['2026-11-22T00:00:00.000Z', { red: 1 }],
      ['2026-11-22T00:30:00.000Z', { blue: 1 }],
    ]);
  });

  it('has page views over time', async () => {
    const at = Date.parse('2026-11-22T00:00:00.000Z');
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      VIEWS,
      answer(1, counted(5), { ...plain, by_time: { buckets: [{ key: at, doc_count: 5 }] } }),
    );
    expect(await search.summary(QUERY)).toMatchObject({
      total: 0,
      pageViews: { total: 5, buckets: [{ start: '2026-11-22T00:00:00.000Z', count: 5 }] },
    });
  });

  it('compares visitors one by one: who saw, who saw and picked, and who picked without having seen', async () => {
    server.searchAnswer = answer(0, none);
    const visitors = each([3, 0], [1, 0], [4, 1], [2, 2]);
    server.searchAnswers.set(BOTH, answer(2, counted(12), { ...audience(4, 2), each: visitors }));
    const { visitors: told } = await search.summary(QUERY);
    expect(told).toEqual({ all: 4, compared: 4, saw: 3, converted: 1, unnamedEvents: 2 });
    expect(requestsTo(BOTH)[1]!.aggregations).toMatchObject({
      each: { terms: { field: 'visitor_id', size: 30_000 } },
    });
    expect(JSON.stringify(requestsTo(BOTH)[1])).not.toContain('partition');
  });

  it('compares a part of the visitors, chosen by their ids, where there are too many for all', async () => {
    server.searchAnswer = answer(0, none);
    const visitors = each([1, 0], [1, 0], [1, 0], [2, 1]);
    server.searchAnswers.set(BOTH, answer(2, counted(5), { ...audience(1_000_000), each: visitors }));
    const { visitors: told } = await search.summary(QUERY);
    expect(told).toMatchObject({ all: 1_000_000, compared: 4, saw: 1_000_000, converted: 250_000 });
    expect(requestsTo(BOTH)[1]!.aggregations).toMatchObject({
      each: { terms: { include: { partition: 0, num_partitions: 50 } } },
    });
  });

  it('looks at visits where it is asked to', async () => {
    const at = (ms: number) => ({ value: ms });
    const page = (url: string) => ({ hits: { hits: [{ fields: { page_url: [url] } }] } });
    const visit = (doc_count: number, picks: number, ms: number, exit: string) => ({
      doc_count,
      picks: { doc_count: picks },
      first: at(1_000),
      last: at(1_000 + ms),
      entry: page('https://a.example/'),
      exit: page(exit),
    });
    server.searchAnswer = answer(0, none);
    const visits = {
      sum_other_doc_count: 0,
      buckets: [
        visit(1, 0, 0, 'https://a.example/'),
        visit(1, 1, 0, 'https://a.example/?q=1'),
        visit(3, 0, 4_000, 'https://a.example/b'),
        visit(2, 1, 8_000, 'https://a.example/b'),
      ],
    };
    server.searchAnswers.set(BOTH, answer(2, counted(7), { ...audience(4, 0, 4), each: visits }));
    expect((await search.summary({ ...QUERY, withVisits: true })).visits).toEqual({
      all: 4,
      compared: 4,
      bounced: 1,
      medianMs: 6_000,
      entries: [{ name: 'a.example/', count: 4 }],
      exits: [
        { name: 'a.example/', count: 2 },
        { name: 'a.example/b', count: 2 },
      ],
    });
  });

  it('has slices that add up, the rare and the missing as other', async () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
    const old = 'Mozilla/5.0 (Windows NT 6.1; rv:115.0) Gecko/20100101 Firefox/115.0';
    const terms = (...keys: readonly string[]) => ({
      buckets: keys.map((key, n) => ({ key, doc_count: 4 - n })),
    });
    server.searchAnswer = answer(0, none);
    server.searchAnswers.set(
      VIEWS,
      answer(1, counted(10), {
        by_time: { buckets: [] },
        page_url: terms('https://a.example/?utm_source=mail&x=1', 'http://a.example/', 'https://a.example/b'),
        referrer: terms('https://search.example/?q=1', 'https://search.example/', ''),
        user_agent: terms(firefox, old, 'curl/8'),
      }),
    );
    server.searchAnswers.set(
      PICKS,
      answer(1, counted(4), {
        ...plain,
        page_url: terms('https://a.example/b'),
        by_color: colors({}),
        by_time: { buckets: [] },
      }),
    );
    const { slices } = await search.summary(QUERY);
    expect(slices).toMatchObject({
      page: [
        { name: 'a.example/', views: 7, picks: 0 },
        { name: 'a.example/b', views: 2, picks: 4 },
        { name: 'other', views: 1, picks: 0 },
      ],
      referrer: [
        { name: 'search.example', views: 7, picks: 0 },
        { name: 'direct', views: 3, picks: 4 },
      ],
      utm_source: [
        { name: 'none', views: 6, picks: 4 },
        { name: 'mail', views: 4, picks: 0 },
      ],
      browser: [
        { name: 'Firefox', views: 7, picks: 0 },
        { name: 'bot', views: 2, picks: 0 },
        { name: 'other', views: 1, picks: 4 },
      ],
      os: [
        { name: 'Linux', views: 4 },
        { name: 'Windows', views: 3 },
        { name: 'bot', views: 2 },
        { name: 'other', views: 1 },
      ],
    });
    for (const list of Object.values(slices)) {
      expect(list.reduce((sum, { views }) => sum + views, 0)).toBe(10);
      expect(list.reduce((sum, { picks }) => sum + picks, 0)).toBe(4);
    }
  });

  it('is small whatever pages are called: long names, and those beyond a hundred, are other', async () => {
    const pages = [
      `https://a.example/${'ü'.repeat(200)}`,
      ...Array.from({ length: 150 }, (_, n) => `https://a.example/${n}`),
    ];
    server.searchAnswer = answer(0, none);
    const page_url = { buckets: pages.map((key) => ({ key, doc_count: 2 })) };
    server.searchAnswers.set(
      VIEWS,
      answer(1, counted(302), { ...plain, page_url, by_time: { buckets: [] } }),
    );
    const { page } = (await search.summary(QUERY)).slices;
    expect(page).toHaveLength(100);
    expect(page.at(-1)).toEqual({ name: 'other', views: 104, picks: 0 });
  });

  it('leaves bots out unless they are asked for', async () => {
    server.searchAnswer = answer(0, none);
    await search.summary(QUERY);
    expect(requestsTo(PICKS)[0]!.query).toMatchObject({ bool: { must_not: { term: { is_bot: true } } } });
    server.requests.length = 0;
    await search.summary({ ...QUERY, withBots: true });
    expect(server.requests.every(({ body }) => !body.includes('is_bot'))).toBe(true);
  });

  it('is narrowed to the values that belong to a slice, of those that occur', async () => {
    server.searchAnswer = answer(0, none);
    const values = ['https://a.example/?x=1', 'http://a.example/', 'https://a.example/b'];
    const pages = { buckets: values.map((key) => ({ key, doc_count: 1 })) };
    server.searchAnswers.set(BOTH, answer(2, counted(0), { ...audience(0), page_url: pages }));
    await search.summary({ ...QUERY, filters: { page: 'a.example/' } });
    const wanted = { terms: { page_url: ['https://a.example/?x=1', 'http://a.example/'] } };
    for (const index of [PICKS, VIEWS])
      expect((requestsTo(index)[0]!.query as { bool: { filter: object[] } }).bool.filter).toContainEqual(
        wanted,
      );
  });

  it('counts page views whatever colour is asked for', async () => {
    server.searchAnswer = answer(0, none);
    await search.summary({ ...QUERY, filters: { color: 'blue' } });
    expect(JSON.stringify(requestsTo(PICKS)[0]!.query)).toContain('{"color_name":"blue"}');
    expect(JSON.stringify(requestsTo(VIEWS)[0]!.query)).not.toContain('color');
  });

  it('asks only our own indices, for the range without its end, and for an exact count', async () => {
    server.searchAnswer = answer(0, { hits: [] });
    await search.summary(QUERY);
    const asked = server.requests.map(({ path }) => decodeURIComponent(path.split('?')[0]!));
    expect(asked.sort()).toEqual([`/${VIEWS}/_search`, `/${BOTH}/_search`, `/${PICKS}/_search`].sort());
    const { path, body } = server.requests.find(({ path: at }) => at.startsWith('/select-color'))!;
    const { searchParams } = new URL(path, 'http://local');
    expect(searchParams.get('allow_partial_search_results')).toBe('false');
    expect(JSON.parse(body)).toMatchObject({
      track_total_hits: true,
      query: { bool: { filter: [{ range: { occurred_at: { gte: QUERY.from, lt: QUERY.to } } }] } },
      aggregations: { by_time: { date_histogram: { fixed_interval: '1800000ms' } } },
    });
  });
});
