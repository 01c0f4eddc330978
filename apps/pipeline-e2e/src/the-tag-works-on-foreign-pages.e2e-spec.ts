import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@pipeline/event-schema';
import { eventually, type LocalStack, startPipeline } from '@pipeline/testing';
import { type Browser } from 'playwright-core';
import { launchChromium } from './support/chromium.ts';
import { recordsOf } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';

/** A site that is not ours and that nothing allows: it serves one page, which loads the tag. */
class ForeignSite {
  private server: Server | undefined;
  private html = '';

  async start(): Promise<void> {
    this.server = createServer((_, response) =>
      response.setHeader('content-type', 'text/html').end(this.html),
    );
    await new Promise<void>((resolve) => this.server?.listen(0, '127.0.0.1', resolve));
  }

  /** @returns the address of a page with this body, under a path that tells its events apart. */
  page(name: string, body: string): string {
    this.html = `<!doctype html><title>foreign</title>${body}`;
    return `http://127.0.0.1:${(this.server?.address() as AddressInfo).port}/${name}`;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.server?.close(resolve));
  }
}

describe('the tag on a page of somebody else', () => {
  const site = new ForeignSite();
  let stack: LocalStack;
  let browser: Browser;
  let script: string;
  beforeAll(async () => {
    browser = await launchChromium();
    await site.start();
    stack = await startPipeline({
      servers: ['kafka'],
      apps: ['collector-api', 'web-ui'],
      environment: PATIENT_COLLECTOR,
    });
    script = `<script src="${stack.app('web-ui').url}/tag.js" data-collector="${stack.app('collector-api').url}"></script>`;
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.stop();
    await site.stop();
  });

  /** Events of one page, as Kafka has them. */
  async function eventsOf(url: string, topic: string): Promise<Record<string, unknown>[]> {
    const records = await recordsOf(stack, topic);
    return records
      .map(({ value }) => JSON.parse(value!.toString()) as Record<string, unknown>)
      .filter((event) => event['page_url'] === url);
  }

  it.each([
    ['an element with id="pipeline"', '<div id="pipeline"></div>'],
    ['a form with name="pipeline" and a field "track"', '<form name="pipeline"><input name="track"></form>'],
    ['the script twice', 'SCRIPT'],
    ['an element with name="referrer"', '<img name="referrer" alt="">'],
    ['a browser without AbortSignal.timeout', '<script>delete AbortSignal.timeout</script>'],
  ])('tells one page view and what it is asked to of %s', async (name, body) => {
    const url = site.page(encodeURIComponent(name), body.replace('SCRIPT', script) + script);
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate(`pipeline.track('select-color', { user_name: 'Ada', color_name: 'green' })`);
    await eventually(async () => {
      expect(await eventsOf(page.url(), TOPICS.pageView.name)).toHaveLength(1);
      expect(await eventsOf(page.url(), TOPICS.selectColor.name)).toHaveLength(1);
    });
    await page.close();
  });

  it('keeps a variable of the page that is called pipeline', async () => {
    const url = site.page('variable', `<script>var pipeline = { stages: 3 }</script>${script}`);
    const page = await browser.newPage();
    await page.goto(url);
    await eventually(async () => expect(await eventsOf(url, TOPICS.pageView.name)).toHaveLength(1));
    expect(await page.evaluate('pipeline')).toEqual({ stages: 3 });
    await page.close();
  });

  it('sends an event with half a surrogate pair without it', async () => {
    const url = site.page('surrogate', script);
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate(
      `pipeline.track('select-color', { user_name: 'Ada \u{1F600}'.slice(0, 5), color_name: 'red' })`,
    );
    await eventually(async () =>
      expect(await eventsOf(url, TOPICS.selectColor.name)).toMatchObject([{ user_name: 'Ada \ufffd' }]),
    );
    await page.close();
  });
});
