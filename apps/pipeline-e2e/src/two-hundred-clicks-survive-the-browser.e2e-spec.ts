import { audit, auditSettings } from '@pipeline/audit';
import { EVENT_TOPICS, GROUPS, TOPICS } from '@pipeline/event-schema';
import { eventually, readHdfsRows, searchDocuments, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, type BrowserContext, type Page } from 'playwright-core';
import { accessibilityViolations } from './support/accessibility.ts';
import { launchChromium } from './support/chromium.ts';
import { colorClick } from './support/color-click.ts';
import { barTotals, figures, journeyEnds, openWithEverything, TABS } from './support/dashboard-page.ts';
import { groupsOf, produce } from './support/kafka.ts';
import { sendEvents } from './support/send-events.ts';
import { clickColors, everythingIsSent, openPage } from './support/colour-page.ts';
import { INDICES } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;
const SLOW = 300_000;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 500 };
/** Clicks by the name they are made under. */
const CLICKS = { stays: 40, navigates: 40, closes: 40, offline: 30, restart: 30, tabs: 20 };
const XSS = [
  '<img src=x onerror="window.hacked=1">',
  '</bdi><script>window.hacked=1</script>',
  'javascript:hacked',
];

let stack: LocalStack;
let browser: Browser;
let context: BrowserContext;
let url: string;

beforeAll(async () => {
  browser = await launchChromium();
  stack = await startPipeline();
  url = stack.app('web-ui').url;
  context = await browser.newContext({ locale: 'en-US' });
}, SLOW);
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
}, SLOW);

describe('two hundred clicks in a real browser', () => {
  it(
    'are made on a page that stays, and as its visitor goes away or closes the tab at once',
    async () => {
      const page = await openPage(context, url, 'stays');
      for (let click = 0; click < 5; click++) await page.getByRole('button', { name: /green/i }).click();
      await clickColors(page, CLICKS.stays - 5);
      await page.close();
      for (let round = 0; round < 4; round++) {
        const leaving = await openPage(context, url, 'navigates');
        await clickColors(leaving, CLICKS.navigates / 4);
        await leaving.goto(`${url}/dashboard`);
        await leaving.close();
        const closing = await openPage(context, url, 'closes');
        await clickColors(closing, CLICKS.closes / 4);
        await closing.close();
      }
    },
    SLOW,
  );

  it(
    'are made without a network, and with a collector that restarts meanwhile',
    async () => {
      const page = await openPage(context, url, 'offline');
      await context.setOffline(true);
      await clickColors(page, CLICKS.offline);
      await context.setOffline(false);
      await everythingIsSent(page);
      await page.getByRole('textbox').fill('restart');
      await clickColors(page, CLICKS.restart / 3);
      await stack.app('collector-api').stop();
      await clickColors(page, CLICKS.restart / 3);
      await stack.app('collector-api').start();
      await clickColors(page, CLICKS.restart / 3);
      await page.close();
    },
    SLOW,
  );

  it(
    'are made in two tabs at the same time',
    async () => {
      const tabs = await Promise.all([1, 2].map(() => openPage(context, url, 'tabs')));
      await Promise.all(tabs.map((tab) => clickColors(tab, CLICKS.tabs / 2)));
      await everythingIsSent(tabs[0]!);
      for (const tab of tabs) await tab.close();
    },
    SLOW,
  );

  it(
    'are in both stores exactly once, and the audit agrees',
    async () => {
      const inIndex = async () => (await searchDocuments(stack, INDICES)).map(({ source }) => source);
      await eventually(async () => expect(clicksByName(await inIndex())).toEqual(CLICKS), PATIENCE);
      expect(await inIndex()).toHaveLength(200);
      const inFiles = () => readHdfsRows(stack, TOPIC);
      await eventually(async () => expect(clicksByName(await inFiles())).toEqual(CLICKS), PATIENCE);
      for (const topic of EVENT_TOPICS) {
        const report = await audit({
          settings: auditSettings.load(stack.environment),
          topic,
          waitMs: 30_000,
        });
        expect(report).toMatchObject({ holds: true, findings: [] });
      }
    },
    SLOW,
  );
});

describe('the dashboard in a real browser', () => {
  let dashboard: Page;
  const shows = (count: number) =>
    eventually(async () => expect((await figures(dashboard))['picks']).toBe(count), {
      ...PATIENCE,
      intervalMs: 100,
    });
  const clickOnce = async (name: string): Promise<void> => {
    const page = await openPage(context, url, name);
    await page.getByRole('button', { name: /navy/i }).click();
    await everythingIsSent(page);
    await page.close();
  };

  it(
    'shows the history, and follows live',
    async () => {
      dashboard = await context.newPage();
      await dashboard.goto(`${url}/dashboard`);
      await shows(200);
      await clickOnce('live');
      await shows(201);
    },
    SLOW,
  );

  it(
    'has numbers that add up with each other and with the audit, over every range',
    async () => {
      const settings = auditSettings.load(stack.environment);
      const reports = await Promise.all(
        EVENT_TOPICS.map((topic) => audit({ settings, topic, waitMs: 30_000 })),
      );
      const [picks, views] = reports.map(({ hours }) =>
        hours.reduce((sum, { records, duplicates }) => sum + records - duplicates, 0),
      );
      expect(picks).toBe(201);
      for (const range of ['5 min', '30 days', '24 hours']) {
        await dashboard.getByText(range, { exact: true }).click();
        await eventually(async () => {
          const shown = await figures(dashboard);
          expect([shown['picks'], shown['views']]).toEqual([picks, views]);
          expect(await barTotals(dashboard, 'By colour')).toEqual([picks, 0]);
          for (const list of ['Top pages', 'Referrers', 'Browsers', 'Devices'])
            expect(await barTotals(dashboard, list)).toEqual([views, picks]);
        }, PATIENCE);
      }
    },
    SLOW,
  );

  it(
    'shows as text whatever a visitor calls themselves',
    async () => {
      for (const name of XSS) await clickOnce(name);
      await shows(201 + XSS.length);
      await dashboard.getByRole('link', { name: 'Events' }).click();
      // The list shows another state at most once a second.
      const shown = () => dashboard.locator('td.user').allInnerTexts();
      await eventually(async () => expect(await shown()).toEqual(expect.arrayContaining(XSS)));
      const page = await openPage(context, url, XSS[0]!);
      await eventually(async () => expect(await page.locator('.just-picked').innerText()).toContain(XSS[0]!));
      await dashboard.locator('td.user button', { hasText: XSS[0]! }).first().click();
      const followed = dashboard.locator('.journey-pick bdi');
      await eventually(async () => expect(await followed.innerText()).toBe(XSS[0]));
      for (const seen of [dashboard, page]) expect(await seen.evaluate('window.hacked')).toBeUndefined();
      await page.close();
    },
    SLOW,
  );

  it(
    'tells of any event where it is, or where it stopped and why',
    async () => {
      await journeyEnds(dashboard, await idOfAStoredPick(), [
        /^Received\s.*20\d\d/s,
        /^Kafka\sselect-color, partition \d, offset \d+$/,
        /^HDFS\s\/pipeline\/select-color\/dt=.*\.jsonl$/,
        /^Elasticsearch\sselect-color-20/,
      ]);
      const refused = { ...colorClick(), color_name: 'pink' };
      await sendEvents(stack.app('collector-api'), refused);
      await journeyEnds(dashboard, refused.event_id, [/^Received\s/, /^Collector\srefused.*color-unknown/s]);
      const undated = { ...colorClick(), occurred_at: 'never' };
      await produce(stack, TOPIC, [{ key: null, value: JSON.stringify(undated) }]);
      await journeyEnds(dashboard, undated.event_id, [
        /^Received\s.*20\d\d/s,
        /^Kafka\sselect-color, partition \d/,
        /^HDFS\scould not be stored: invalid-field/,
        /^Elasticsearch\scould not be stored: invalid-field/,
      ]);
    },
    SLOW,
  );

  it(
    'survives a restart of web-ui without a reload, and the one that stopped leaves no group behind',
    async () => {
      await dashboard.evaluate('window.sameDocument = true');
      const liveGroups = async () =>
        (await groupsOf(stack)).filter((name) => name.startsWith(`${GROUPS.webUiLive}-`));
      expect(await liveGroups()).toHaveLength(1);
      await stack.app('web-ui').stop();
      expect(await liveGroups()).toEqual([]);
      await stack.app('web-ui').start();
      await dashboard.getByRole('link', { name: 'Overview' }).click();
      await clickOnce('after the restart');
      await shows(202 + XSS.length);
      expect(await dashboard.evaluate('window.sameDocument')).toBe(true);
    },
    SLOW,
  );

  it(
    'shows the history after everything was restarted',
    async () => {
      const apps = ['web-ui', 'es-sink', 'hdfs-sink', 'collector-api'].map((name) => stack.app(name));
      const servers = ['kafka', 'elasticsearch'].map((name) => stack.server(name));
      await Promise.all(apps.map((app) => app.stop()));
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all(servers.map((server) => server.start()));
      await Promise.all(apps.map((app) => app.start()));
      await dashboard.reload();
      await shows(202 + XSS.length);
    },
    SLOW,
  );
});

describe('page and dashboard', () => {
  const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };
  const DESKTOP = { viewport: { width: 1_280, height: 800 } };
  const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
    ['en-US', 'ko-KR'].flatMap((locale) =>
      [DESKTOP, PHONE].map(
        (screen) => ({ colorScheme, locale, reducedMotion: 'reduce', ...screen }) as const,
      ),
    ),
  );

  it.each(looks)(
    'can be used by everybody: axe finds nothing, and nothing is wider than the screen (%j)',
    async (look) => {
      const own = await browser.newContext(look);
      const page = await openPage(own, url, 'Ada');
      await clickColors(page, 1);
      const dashboard = await own.newPage();
      const check = async (seen: Page, name: string) => {
        expect([name, await accessibilityViolations(seen)]).toEqual([name, []]);
        const width = await seen.evaluate('document.documentElement.scrollWidth');
        expect(width).toBeLessThanOrEqual(look.viewport.width);
      };
      await check(page, 'page');
      for (const tab of TABS) {
        await openWithEverything(dashboard, url, tab);
        await check(dashboard, tab);
      }
      await own.close();
    },
    SLOW,
  );
});

async function idOfAStoredPick(): Promise<string> {
  const [document] = await searchDocuments(stack, INDICES);
  return String(document?.id);
}

function clicksByName(rows: readonly Readonly<Record<string, unknown>>[]): Record<string, number> {
  const ids = new Map<string, Set<unknown>>();
  for (const { user_name: name, event_id: id } of rows)
    ids.set(String(name), (ids.get(String(name)) ?? new Set()).add(id));
  return Object.fromEntries([...ids].map(([name, distinct]) => [name, distinct.size]));
}
