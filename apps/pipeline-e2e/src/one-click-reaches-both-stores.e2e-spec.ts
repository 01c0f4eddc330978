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
import { colorClicks } from './support/color-click.ts';
import { type Answer, getFrom } from './support/get-from.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { sendEvents } from './support/send-events.ts';
import { INDICES } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;

const SLOW_MS = 240_000;
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };
const HOUR_MS = 3_600_000;
const [GREEDY, VISITOR] = ['127.0.0.2', '127.0.0.3'];

let stack: LocalStack;
let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
  // Who is answered before whom is what counts, not how fast this machine is.
  const environment = { ...PATIENT_COLLECTOR, WEB_UI_QUERY_TIMEOUT_MS: '8000' };
  stack = await startPipeline({ environment });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

describe('one click on the real page', () => {
  it('is heard by the page, lands in HDFS and in Elasticsearch with the same bytes in every field', async () => {
    const page = await browser.newPage({ locale: 'en-US' });
    await page.goto(stack.app('web-ui').url);
    await page.getByRole('textbox').fill('Ada Lovelace');
    await page.getByRole('button', { name: /green/i }).click();
    // Until the collector has answered, the page adds that it will be sent.
    const notice =
      /^(Ada Lovelace picked green\. Pick again whenever you like: every pick counts\.|Sent\. Thank you for waiting\.)$/;
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
    const view = await eventually(async () => {
      // The page sends again what it has no answer for; the first copy is the event.
      const rows = (await readHdfsRows(stack, TOPICS.pageView.name)).sort(byReceipt);
      expect(new Set(rows.map(({ event_id }) => event_id)).size).toBe(1);
      return rows[0];
    });
    await eventually(async () => {
      const stored = await searchDocuments(stack, `${TOPICS.pageView.name}-*`);
      expect(stored.map(({ source }) => source)).toEqual([view]);
    });
    expect(view).toMatchObject({ event_type: 'page-view', page_url: `${stack.app('web-ui').url}/` });

    const [from, to] = [-600_000, 600_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const query = `from=${from}&to=${to}&bucket=60000`;
    const summary = await fetch(`${stack.app('web-ui').url}/v1/summary?${query}`);
    expect(await summary.json()).toMatchObject({
      total: 1,
      pageViews: { total: 1 },
      visitors: { all: 1, saw: 1, converted: 1, compared: 1, unnamedEvents: 0 },
      slices: { device: [{ name: 'desktop', views: 1, picks: 1 }] },
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

describe('the history over Kafka', () => {
  /** A question that no other client asks. */
  const ask = (client: string, question: number): Promise<Answer> => {
    const [from, to] = [question, question + 1].map((hour) => new Date(hour * HOUR_MS).toISOString());
    return getFrom(client, `${stack.app('web-ui').url}/v1/summary?from=${from}&to=${to}&bucket=60000`);
  };

  it('answers a client at once while another has asked 200 questions and repeats them until all are answered', async () => {
    const open = new Set(Array.from({ length: 200 }, (_, question) => question));
    const refusals = new Map<string, number>();
    const askGreedily = async (question: number): Promise<void> => {
      const { status, body } = await ask(GREEDY, question);
      const { code = 'answered' } = JSON.parse(body) as { readonly code?: string };
      if (status === 200) open.delete(question);
      else refusals.set(code, (refusals.get(code) ?? 0) + 1);
    };
    const burst = Promise.all([...open].map(askGreedily));
    const visitor: Answer[] = [await ask(VISITOR, 1_000)];
    await burst;
    // A queue of all of them would be through by now.
    expect(refusals.get('too-many-questions')).toBeGreaterThan(100);
    const waiting = [...open];
    const repeat = async (): Promise<void> => {
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
        await askGreedily(one);
        if (open.has(one)) waiting.push(one);
      }
    };
    const rest = Promise.all(Array.from({ length: 12 }, repeat));
    for (let question = 1_001; question < 1_004; question += 1) visitor.push(await ask(VISITOR, question));
    expect(visitor.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(open.size).toBeGreaterThan(0);
    await rest;
    expect(open.size).toBe(0);
  });

  it(
    'has the latest hundred events of 900 KB each, of which it tells what is shown',
    async () => {
      const clicks = colorClicks(100).map((click, index) => ({ ...click, user_name: `large ${index}` }));
      for (const click of clicks) {
        const event = { ...click, pad: 'x'.repeat(899_000) };
        expect((await sendEvents(stack.app('collector-api'), event)).status).toBe(202);
      }
      const names = clicks.map(({ user_name }) => user_name).sort();
      await eventually(async () => {
        const { status, body } = await getFrom(VISITOR, `${stack.app('web-ui').url}/v1/latest?limit=100`);
        expect(status).toBe(200);
        const { events } = JSON.parse(body) as { readonly events: readonly { readonly user_name: string }[] };
        expect(events.map(({ user_name }) => user_name).sort()).toEqual(names);
      }, PATIENCE);
    },
    SLOW_MS,
  );
});

function byReceipt(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): number {
  return String(a['received_at']) < String(b['received_at']) ? -1 : 1;
}
