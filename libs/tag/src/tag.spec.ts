import { beforeEach, describe, expect, it } from '@jest/globals';
import { type EventResult } from './delivery-outcome.ts';
import { MAX_QUEUED_EVENTS } from './event-queue.ts';
import { accepted, MemoryBrowser, type MemoryTagHost, refusal, settled } from '../testing/tag-host.double.ts';
import { Tag } from './tag.ts';

let browser: MemoryBrowser;
let tab: MemoryTagHost;
let tag: Tag;
let results: EventResult[];
let delays: number;

beforeEach(() => {
  browser = new MemoryBrowser();
  tab = browser.openTab();
  results = [];
  delays = 0;
  tag = new Tag(tab, { onResults: (settledNow) => results.push(...settledNow), onDelay: () => delays++ });
});

const colors = () => browser.requests.map((events) => events.map(({ color_name }) => color_name));
const sentIds = () => browser.requests.flatMap((events) => events.map(({ event_id }) => event_id));

describe('a tracked event', () => {
  it('is in storage before track returns and on its way in the same moment', async () => {
    const id = tag.track('select-color', { color_name: 'blue' });
    expect([...browser.stored.keys()]).toEqual([`pipeline.event.${id}`]);
    await settled();
    expect(browser.requests).toEqual([
      [
        {
          event_id: id,
          event_type: 'select-color',
          schema_version: 1,
          color_name: 'blue',
          page_url: 'https://shop.example/',
          occurred_at: '2026-11-22T12:00:00.000Z',
          sent_at: '2026-11-22T12:00:00.000Z',
        },
      ],
    ]);
    expect([tag.pending, results]).toEqual([0, [{ id, status: 'accepted', code: undefined }]]);
  });

  it('loses half a surrogate pair, which the collector would refuse, and nothing else', async () => {
    const halves = '\u{1F600}'.slice(0, 1) + '\\ud83d \u{1F600}' + '\u{1F600}'.slice(1);
    tag.track('select-color', { user_name: halves, [halves]: 'name' });
    await settled();
    const whole = '\ufffd\\ud83d \u{1F600}\ufffd';
    expect(browser.requests[0]?.[0]).toMatchObject({ user_name: whole, [whole]: 'name' });
  });

  it('cannot name itself: what the page passes does not replace what identifies it', async () => {
    tag.track('select-color', { event_id: 'mine', occurred_at: 'never', event_type: 'other' });
    await settled();
    expect(browser.requests[0]?.[0]).toMatchObject({
      event_type: 'select-color',
      occurred_at: '2026-11-22T12:00:00.000Z',
    });
    expect(sentIds()).not.toContain('mine');
  });

  it.each(['duplicate', 'rejected'] as const)(
    'leaves the queue when the collector calls it %s',
    async (status) => {
      browser.answer = (events) => ({
        status: 400,
        retryAfterMs: undefined,
        body: { results: events.map(() => ({ status, code: 'field-empty' })) },
      });
      tag.track('select-color');
      await settled();
      expect(tag.pending).toBe(0);
      expect(results).toMatchObject([{ status, code: 'field-empty' }]);
    },
  );

  it('never hurts the page, whatever the page or the browser does', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    expect(tag.track('select-color', circular)).toBeUndefined();
    expect(tag.track('select-color', { huge: 'x'.repeat(20_000) })).toBeUndefined();
    browser.storageFails = true;
    expect(tag.track('select-color')).toBeUndefined();
  });
});

describe('delivery', () => {
  it('sends what gathers during a request as one batch', async () => {
    for (const color_name of ['red', 'green', 'blue']) tag.track('select-color', { color_name });
    await settled();
    expect(colors().flat()).toEqual(['red', 'green', 'blue']);
    expect(browser.requests.length).toBeLessThanOrEqual(2);
  });

  it('keeps batches small enough for a request that outlives its page', async () => {
    browser.answer = () => undefined;
    for (let n = 0; n < 120; n++) tag.track('select-color', { n });
    for (let n = 0; n < 10; n++) tag.track('select-color', { wide: '한'.repeat(3_000) });
    await settled();
    browser.requests.length = 0;
    browser.answer = accepted;
    await tab.pass(60_000);
    expect(tag.pending).toBe(0);
    expect(Math.max(...browser.requests.map((events) => events.length))).toBe(50);
    const sizes = browser.requests.map((events) => Buffer.byteLength(JSON.stringify(events)));
    expect(Math.max(...sizes)).toBeLessThan(40_000);
  });

  it.each([
    ['the network fails', () => undefined],
    ['the collector is overloaded', refusal(503)],
    ['there were too many requests', refusal(429)],
    ['something else answers 200', () => ({ status: 200, retryAfterMs: undefined, body: '<html>' })],
    ['the address is wrong for now', refusal(404)],
  ] as const)('keeps the event when %s, and sends the same one later', async (_, answer) => {
    browser.answer = answer;
    const id = tag.track('select-color');
    await settled();
    expect([tag.pending, delays]).toEqual([1, 1]);
    browser.answer = accepted;
    await tab.pass(600);
    expect([tag.pending, sentIds()]).toEqual([0, [id, id]]);
  });

  it('waits longer after each failure, up to a minute, and starts over after a success', async () => {
    browser.answer = () => undefined;
    tag.track('select-color');
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt++) {
      await settled();
      const wait = (tab.timers[0]?.at ?? 0) - tab.now();
      waits.push(wait);
      await tab.pass(wait);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    browser.answer = accepted;
    await tab.pass(30_000);
    expect(tag.pending).toBe(0);
    expect(browser.stored.has('pipeline.retry')).toBe(false);
  });

  it.each([
    [0, 0],
    [0.25, 250],
    [0.999, 999],
  ])('draws its wait from the whole interval: %d of it is %d ms', async (luck, wait) => {
    browser.answer = refusal(503, 5_000);
    browser.luck = luck;
    tag.track('select-color');
    await settled();
    expect((tab.timers[0]?.at ?? 0) - tab.now()).toBeCloseTo(5_000 + wait);
  });

  it('waits at least as long as Retry-After says, and coming online does not shorten that', async () => {
    browser.answer = refusal(503, 20_000);
    tag.track('select-color');
    await settled();
    browser.answer = accepted;
    tab.come('online');
    await tab.pass(19_999);
    expect(browser.requests).toHaveLength(1);
    await tab.pass(600);
    expect(tag.pending).toBe(0);
  });

  it('tries again at once when the network is back', async () => {
    browser.answer = () => undefined;
    tag.track('select-color');
    await settled();
    browser.answer = accepted;
    tab.come('online');
    await settled();
    expect(tag.pending).toBe(0);
  });

  it('finds the one event that nobody takes, gives it up and delivers its neighbours', async () => {
    browser.answer = () => undefined;
    for (let n = 0; n < 9; n++) tag.track('select-color', { n });
    await settled();
    browser.answer = (events) => (events.some(({ n }) => n === 5) ? refusal(413)(events) : accepted(events));
    await tab.pass(1_000);
    expect(tag.pending).toBe(0);
    const by = (status: string) => results.filter((result) => result.status === status).length;
    expect([by('accepted'), by('rejected')]).toEqual([8, 1]);
  });

  it('keeps the newest events when the queue is full', async () => {
    browser.answer = refusal(503, 600_000);
    tag.track('select-color', { n: 'first' });
    for (let n = 0; n < MAX_QUEUED_EVENTS; n++) tag.track('select-color', { n });
    await settled();
    expect(tag.pending).toBe(MAX_QUEUED_EVENTS);
    expect([...browser.stored.values()].join()).not.toContain('first');
  });

  it('tells nobody of events older than the collector can date', async () => {
    browser.answer = () => undefined;
    tag.track('select-color');
    await settled();
    browser.requests.length = 0;
    browser.answer = accepted;
    await tab.pass(6 * 24 * 3_600_000 + 60_000);
    expect([browser.requests, tag.pending]).toEqual([[], 0]);
  });
});

describe('several tabs', () => {
  it('deliver one at a time, and every event once', async () => {
    const other = new Tag(browser.openTab());
    for (let n = 0; n < 20; n++) (n % 2 ? tag : other).track('select-color', { n });
    await settled();
    await settled();
    expect(browser.mostInLock).toBe(1);
    expect([sentIds().length, new Set(sentIds()).size, tag.pending]).toEqual([20, 20, 0]);
  });

  it('share the wait: one that stood in line while another failed does not try as well', async () => {
    browser.answer = refusal(503, 10_000);
    const other = new Tag(browser.openTab());
    tag.track('select-color');
    other.track('select-color');
    await settled();
    await settled();
    expect(browser.requests).toHaveLength(1);
  });

  it('share the wait: none hammers a collector that another found down', async () => {
    browser.answer = refusal(503, 10_000);
    tag.track('select-color');
    await settled();
    const other = new Tag(browser.openTab());
    other.track('select-color');
    await settled();
    expect(browser.requests).toHaveLength(1);
  });
});

describe('a page that goes away', () => {
  it('leaves what was under way to the next page, which sends it under the same id', async () => {
    const id = tag.track('select-color');
    tab.closed = true;
    await settled();
    const next = new Tag(new MemoryBrowserOf(browser).openTab());
    await settled();
    expect([next.pending, sentIds()]).toEqual([0, [id, id]]);
  });

  it('sends what no request has carried yet as a beacon, once', () => {
    const ids = ['red', 'blue'].map((color_name) => tag.track('select-color', { color_name }));
    tab.leave();
    tab.leave();
    expect(browser.beacons.map((events) => events.map(({ event_id }) => event_id))).toEqual([ids]);
  });

  it('splits what is too large for a beacon, and falls back to a request for what is refused alone', async () => {
    for (let n = 0; n < 4; n++) tag.track('select-color', { n, wide: 'x'.repeat(n === 3 ? 5_000 : 500) });
    browser.beaconLimit = 2_500;
    tab.leave();
    expect(browser.beacons.map((events) => events.length)).toEqual([2, 1]);
    expect(browser.requests.map((events) => events.map(({ n }) => n))).toEqual([[3]]);
    await settled();
    expect(tag.pending).toBe(0);
  });

  it('does not send what is in a request already', async () => {
    tag.track('select-color');
    tab.closed = true;
    await settled();
    tab.leave();
    expect([browser.requests.length, browser.beacons]).toEqual([1, []]);
  });

  it('sends nothing while the collector asked for a wait', async () => {
    browser.answer = refusal(503, 10_000);
    tag.track('select-color');
    await settled();
    tag.track('select-color');
    tab.leave();
    expect(browser.beacons).toEqual([]);
  });

  it('sends the rest when it comes back from the back-forward cache', async () => {
    browser.answer = () => undefined;
    tag.track('select-color');
    await settled();
    browser.answer = accepted;
    browser.nowMs += 5_000;
    tab.come('visible');
    await settled();
    expect(tag.pending).toBe(0);
  });
});

/** The same storage and network after the page, and its lock, are gone. */
class MemoryBrowserOf extends MemoryBrowser {
  override readonly stored: Map<string, string>;
  override readonly requests: MemoryBrowser['requests'];

  constructor(before: MemoryBrowser) {
    super();
    this.stored = before.stored;
    this.requests = before.requests;
    this.nowMs = before.nowMs + 1_000;
  }
}
