import { readFile } from 'node:fs/promises';
import { COLORS, type SummaryReply } from '@pipeline/event-schema';
import { eventually, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';
import { barsOf, figures, panel } from './support/dashboard-page.ts';
import { RunningAudit } from './support/running-audit.ts';
import { AGENTS, BOT, type SeededEvent, seededVisitors } from './support/seeded-visitors.ts';

const SLOW = 300_000;
const PATIENCE = { timeoutMs: 120_000, intervalMs: 500 };
const VISITORS = 1_000;

let stack: LocalStack;
let browser: Browser;
let context: BrowserContext;
let dashboard: Page;
let follower: RunningAudit;
let url: string;
let everything: readonly SeededEvent[];
let people: readonly SeededEvent[];

beforeAll(async () => {
  browser = await launchChromium();
  stack = await startPipeline({ environment: { HDFS_SINK_FLUSH_MAX_AGE_MS: '1000' } });
  follower = await RunningAudit.start(stack.environment);
  url = stack.app('web-ui').url;
  context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Seoul' });
  everything = seededVisitors(VISITORS, Date.now());
  people = everything.filter(({ agent }) => agent !== BOT);
  await send(everything);
  dashboard = await context.newPage();
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await follower?.end();
  await stack?.stop();
}, SLOW);

async function send(events: readonly SeededEvent[]): Promise<void> {
  for (const agent of new Set(events.map((one) => one.agent))) {
    const own = events.filter((one) => one.agent === agent).map(({ event }) => event);
    for (let from = 0; from < own.length; from += 400) {
      const answer = await fetch(`${stack.app('collector-api').url}/v1/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'user-agent': agent },
        body: JSON.stringify(own.slice(from, from + 400)),
      });
      expect(answer.status).toBe(202);
    }
  }
}

/** What the test itself makes of the events that it sent. */
const isView = ({ event }: SeededEvent) => event.event_type === 'page-view';
const isPick = ({ event }: SeededEvent) => event.event_type === 'select-color';
const visitorsOf = (events: readonly SeededEvent[]) =>
  new Set(events.flatMap(({ event }) => event.visitor_id ?? []));

function expectedFigures(events: readonly SeededEvent[]) {
  const saw = visitorsOf(events.filter(isView));
  const picked = visitorsOf(events.filter(isPick));
  const converted = [...saw].filter((visitor) => picked.has(visitor)).length;
  return {
    visitors: visitorsOf(events).size,
    views: events.filter(isView).length,
    picks: events.filter(isPick).length,
    saw: saw.size,
    converted,
  };
}

function countedBy(events: readonly SeededEvent[], name: (one: SeededEvent) => string) {
  const rows: Record<string, number[]> = {};
  for (const one of events) {
    const row = (rows[name(one)] ??= [0, 0]);
    row[isView(one) ? 0 : 1]! += 1;
  }
  return rows;
}

const pageOf = ({ event }: SeededEvent) => event.page_url.replace('https://', '').replace(/\?.*/, '');
const browserOf = ({ agent }: SeededEvent) => AGENTS.find(([known]) => known === agent)?.[1] ?? 'Bot or tool';
const deviceOf = ({ agent }: SeededEvent) => AGENTS.find(([known]) => known === agent)?.[2] ?? 'Bot or tool';
const referrerOf = ({ event }: SeededEvent) =>
  event.referrer === '' ? 'Direct' : event.referrer.replace('https://', '').replace(/\/.*/, '');
const sourceOf = ({ event }: SeededEvent) => /utm_source=(\w+)/.exec(event.page_url)?.[1] ?? 'None';

async function shows(events: readonly SeededEvent[]): Promise<void> {
  const { visitors, views, picks, saw, converted } = expectedFigures(events);
  await eventually(async () => {
    const shown = await figures(dashboard);
    expect(shown).toMatchObject({ visitors, views, picks });
    const card = await dashboard.locator('[data-figure=conversion]').innerText();
    expect(card).toContain(`${converted} of ${saw} visitors`);
    const share = (100 * converted) / saw;
    expect(shown['conversion']).toBeCloseTo(share < 10 ? Math.round(share * 10) / 10 : Math.round(share), 5);
  }, PATIENCE);
}

describe('the overview', () => {
  it(
    'has the visitors, views and picks that were sent, and the conversion of those who saw and picked, without bots',
    async () => {
      await dashboard.goto(`${url}/dashboard?range=1h`);
      await shows(people);
      expect(expectedFigures(people).converted).toBeLessThan(expectedFigures(people).saw / 2);
    },
    SLOW,
  );

  it(
    'has them with bots where it is asked to',
    async () => {
      await dashboard.getByLabel('Include bots').check();
      await shows(everything);
      await dashboard.getByLabel('Include bots').uncheck();
      await shows(people);
    },
    SLOW,
  );

  it('has every list as it was sent', async () => {
    const picks = people.filter(isPick);
    const colors = Object.fromEntries(
      COLORS.map((color) => [
        color.replace(/^./, (first) => first.toUpperCase()),
        [picks.filter(({ event }) => event.color_name === color).length],
      ]),
    );
    expect(await barsOf(dashboard, 'By colour')).toEqual(colors);
    expect(await barsOf(dashboard, 'Top pages')).toEqual(countedBy(people, pageOf));
    expect(await barsOf(dashboard, 'Referrers')).toEqual(countedBy(people, referrerOf));
    expect(await barsOf(dashboard, 'Browsers')).toEqual(countedBy(people, browserOf));
    expect(await barsOf(dashboard, 'Devices')).toEqual(countedBy(people, deviceOf));
  });

  it('has a chart whose slices add up to the picks, and says the day of the one under the pointer', async () => {
    const chart = panel(dashboard, 'Picks per 30 seconds');
    await chart.locator('summary').click();
    const cells = await chart.locator('tbody td').allInnerTexts();
    expect(cells.reduce((sum, cell) => sum + Number(cell), 0)).toBe(people.filter(isPick).length);
    const box = (await chart.locator('.chart').boundingBox())!;
    await dashboard.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const readout = () => chart.locator('.readout').innerText();
    await eventually(async () => expect(await readout()).toMatch(/^\w{3}, \w{3} \d+ \d\d:\d\d.* \d+$/));
  });
});

describe('exploring', () => {
  it(
    'narrows everything to what is clicked, keeps it in the address over back and reload, and lets go of it',
    async () => {
      const safari = people.filter((one) => browserOf(one) === 'Safari');
      await panel(dashboard, 'Browsers').getByRole('button', { name: 'Safari' }).click();
      await shows(safari);
      await panel(dashboard, 'Top pages').getByRole('button', { name: 'shop.example/cart' }).click();
      const both = safari.filter((one) => pageOf(one) === 'shop.example/cart');
      await shows(both);
      expect(new URL(dashboard.url()).searchParams.get('page')).toBe('shop.example/cart');
      await dashboard.reload();
      await shows(both);
      await dashboard.goBack();
      await shows(safari);
      await dashboard.getByRole('button', { name: 'Remove the filter Browser Safari' }).click();
      await shows(people);
    },
    SLOW,
  );

  it(
    'has visits, their pages, and the campaigns they came from',
    async () => {
      await dashboard.getByRole('link', { name: 'Pages' }).click();
      const visits = new Map<string, SeededEvent[]>();
      for (const one of people)
        if (one.event.session_id)
          visits.set(one.event.session_id, [...(visits.get(one.event.session_id) ?? []), one]);
      const bounced = [...visits.values()].filter(
        ([first, ...others]) => isView(first!) && others.length === 0,
      );
      const share = (100 * bounced.length) / visits.size;
      await eventually(async () => {
        const shown = await figures(dashboard);
        expect(shown['visits']).toBe(visits.size);
        expect(shown['bounce']).toBe(share < 10 ? Math.round(share * 10) / 10 : Math.round(share));
      }, PATIENCE);
      const entries = [...visits.values()].map(([first]) => pageOf(first!));
      const counted = Object.fromEntries(
        [...new Set(entries)].map((page) => [page, [entries.filter((entry) => entry === page).length]]),
      );
      expect(await barsOf(dashboard, 'Entry pages')).toEqual(counted);
      expect(await barsOf(dashboard, 'UTM sources')).toEqual(countedBy(people, sourceOf));
    },
    SLOW,
  );

  it('gives the numbers of a panel as a file', async () => {
    const downloading = dashboard.waitForEvent('download');
    await dashboard.getByRole('button', { name: 'Top pages: download as CSV' }).click();
    const lines = (await readFile(await (await downloading).path())).toString('utf8').trim().split('\r\n');
    const rows = lines.slice(1).map((line) => line.split(','));
    const pages = Object.fromEntries(rows.map(([page, ...counts]) => [page!, counts.map(Number)] as const));
    expect(pages).toEqual(countedBy(people, pageOf));
  });

  it('has the same numbers as the HTTP API, which refuses what it does not know', async () => {
    const now = Date.now();
    const range = {
      from: new Date(now - 3_600_000).toISOString(),
      to: new Date(now).toISOString(),
      bucket: '60000',
    };
    const ask = (more: object) =>
      fetch(`${url}/v1/summary?${new URLSearchParams({ ...range, ...more }).toString()}`);
    const reply = (await (await ask({ color: 'blue' })).json()) as SummaryReply;
    const blue = people.filter((one) => isView(one) || one.event.color_name === 'blue');
    const { views, picks, saw, converted } = expectedFigures(blue);
    expect(reply).toMatchObject({ total: picks, pageViews: { total: views }, visitors: { saw, converted } });
    expect((await ask({ colour: 'blue' })).status).toBe(400);
  });
});

describe('the pipeline', () => {
  it(
    'has the same events at every station, and the proof of the audit',
    async () => {
      await dashboard.getByRole('link', { name: 'Pipeline' }).click();
      const counts = async () => dashboard.locator('.station-count').allInnerTexts();
      const fresh = seededVisitors(40, Date.now());
      await send(fresh);
      const some = String(fresh.length);
      // The cohort is a minute long, and ends half a minute ago: the events are all in it for half a minute.
      await eventually(async () => expect(await counts()).toEqual([some, some, some, some]), PATIENCE);
      const all = (everything.length + fresh.length).toLocaleString('en');
      const sentence = dashboard.locator('.proof-sentence');
      await eventually(
        async () =>
          expect(await sentence.innerText()).toMatch(
            new RegExp(`^Proved up to .*: ${all} events, 0 lost, 0 double$`),
          ),
        PATIENCE,
      );
    },
    SLOW,
  );
});
