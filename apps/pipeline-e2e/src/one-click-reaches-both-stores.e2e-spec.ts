import { TOPICS } from '@pipeline/event-schema';
import {
  eventually,
  hdfsCat,
  listHdfsFiles,
  readHdfsRows,
  searchDocuments,
  startPipeline,
  type LocalStack,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';
import { INDICES } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;

describe('one click on the real page', () => {
  let stack: LocalStack;
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
    stack = await startPipeline();
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
  });

  it('is heard by the page, lands in HDFS and in Elasticsearch with the same bytes in every field', async () => {
    const page = await browser.newPage({ locale: 'en-US' });
    await page.goto(stack.app('web-ui').url);
    await page.getByRole('textbox').fill('Ada Lovelace');
    await page.getByRole('button', { name: /green/i }).click();
    // Until the collector has answered, the page adds that it will be sent.
    const notice = /^(Ada Lovelace picked green\.|Sent\. Thank you for waiting\.)$/;
    await eventually(async () => expect((await page.locator('#notice').innerText()).trim()).toMatch(notice));

    await eventually(async () => expect(await listHdfsFiles(stack, TOPIC)).toHaveLength(1));
    const row = (await hdfsCat(stack, `/pipeline/${TOPIC}/*/*/*`)).trimEnd();
    const found = await eventually(async () => {
      const query = encodeURIComponent('user_name:"Ada Lovelace"');
      const answer = await fetch(`${stack.elasticsearchUrl}/${INDICES}/_search?q=${query}`);
      const text = await answer.text();
      expect(text).toContain('"total":{"value":1,');
      return text;
    });

    // Elasticsearch gives `_source` back byte for byte, so the whole line of HDFS must be in its answer.
    expect(found).toContain(`"_source":${row}`);
    expect(JSON.parse(row)).toMatchObject({
      event_type: 'select-color',
      user_name: 'Ada Lovelace',
      color_name: 'green',
      user_agent: expect.stringContaining('Chrome'),
      occurred_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      kafka_topic: TOPIC,
      kafka_partition: expect.any(Number),
      kafka_offset: 0,
    });
  });

  it('came after a page view of the same visitor, which is in both stores too, and makes the conversion', async () => {
    const views = await eventually(async () => {
      const rows = await readHdfsRows(stack, TOPICS.pageView.name);
      expect(rows).toHaveLength(1);
      return rows;
    });
    const stored = await searchDocuments(stack, `${TOPICS.pageView.name}-*`);
    expect(stored.map(({ source }) => source)).toEqual(views);
    expect(views[0]).toMatchObject({ event_type: 'page-view', page_url: `${stack.app('web-ui').url}/` });

    const [from, to] = [-600_000, 600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const query = `from=${from}&to=${to}&bucket=60000`;
    const summary = await fetch(`${stack.app('web-ui').url}/v1/summary?${query}`);
    expect(await summary.json()).toMatchObject({
      total: 1,
      pageViews: { total: 1 },
      visitors: { viewed: 1, picked: 1 },
      devices: [{ name: 'bot', count: 1 }],
    });
  });

  it('is in the history that the page asks of es-sink over Kafka, under its place and without its id', async () => {
    const { url } = stack.app('web-ui');
    const [row] = await readHdfsRows(stack, TOPIC);
    const latest = await eventually(async () => {
      const answer = await (await fetch(`${url}/v1/latest?limit=10`)).text();
      expect(JSON.parse(answer)).toMatchObject({
        events: [{ user_name: 'Ada Lovelace', color_name: 'green' }],
      });
      return answer;
    });
    const place = `${TOPIC}/${String(row!['kafka_partition'])}/${String(row!['kafka_offset'])}`;
    const byPlace = await (await fetch(`${url}/v1/events/at/${place}/journey`)).text();
    const stored = { hdfs: { state: 'stored' }, elasticsearch: { state: 'stored' } };
    expect(JSON.parse(byPlace)).toMatchObject(stored);
    const live = await (await fetch(`${url}/v1/live/snapshot`)).text();
    expect(live).toContain('Ada Lovelace');
    const ids = ['event_id', 'visitor_id', 'session_id'].map((name) => String(row![name]));
    for (const answer of [latest, byPlace, live]) for (const id of ids) expect(answer).not.toContain(id);
    const byId = await fetch(`${url}/v1/events/${ids[0]!}/journey`);
    expect(await byId.json()).toMatchObject({
      pick: { userName: 'Ada Lovelace', color: 'green' },
      ...stored,
    });
  });
});
