import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { browserHost } from './browser-host.ts';
import { createTag } from './create-tag.ts';
import {
  memoryLocalStorage,
  withBrowserGlobals,
  withoutBrowserGlobals,
} from '../testing/browser-globals.double.ts';
import { settled } from '../testing/tag-host.double.ts';
import { type TagHost } from './tag-host.ts';

type Sent = readonly [url: string, init: RequestInit & { readonly body: string }];

let page: EventTarget & { hidden: boolean };
let frame: EventTarget;
let heard: string[];
let sent: Sent[];
let beacons: unknown[][];
let answer: (body: string) => Response;
let host: TagHost;

beforeEach(() => {
  heard = [];
  sent = [];
  beacons = [];
  answer = accept;
  page = Object.assign(new EventTarget(), { hidden: false, referrer: '' });
  frame = new EventTarget();
  const listen = (target: EventTarget) => (type: string, run: EventListener) => {
    heard.push(type);
    EventTarget.prototype.addEventListener.call(target, type, run);
  };
  page.addEventListener = listen(page);
  withBrowserGlobals({
    document: page,
    addEventListener: listen(frame),
    localStorage: memoryLocalStorage(),
    location: { href: 'https://shop.example/' },
    navigator: { sendBeacon: (...given: unknown[]) => beacons.push(given) > 0 },
    fetch: (...request: Sent) => (sent.push(request), Promise.resolve(answer(request[1].body))),
  });
  host = browserHost('https://collector.example');
});
afterEach(withoutBrowserGlobals);

interface Sketch {
  readonly event_type: string;
}

function eventsIn(body: string): Sketch[] {
  return JSON.parse(body) as Sketch[];
}

function accept(body: string): Response {
  return Response.json({ results: eventsIn(body).map(() => ({ status: 'accepted' })) }, { status: 202 });
}

describe('a request of the tag', () => {
  it('outlives its page, carries no cookies, and is plain text, which needs no preflight', async () => {
    await host.send('[{}]');
    const [url, { method, body, keepalive, credentials, headers, signal }] = sent[0]!;
    expect([url, method, body]).toEqual(['https://collector.example/v1/events', 'POST', '[{}]']);
    expect([keepalive, credentials, headers]).toEqual([true, 'omit', undefined]);
    expect(signal).toBeInstanceOf(AbortSignal);
  });

  it.each([
    ['7', 7_000],
    ['86400', 600_000],
    ['soon', undefined],
    ['', undefined],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('reads Retry-After: %j as %s ms', async (header, retryAfterMs) => {
    answer = () => new Response('{}', { status: 503, headers: { 'retry-after': header } });
    expect(await host.send('[]')).toEqual({ status: 503, retryAfterMs, body: {} });
  });

  it('reads Retry-After as a date too', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    answer = () => new Response('{}', { status: 503, headers: { 'retry-after': date } });
    const { retryAfterMs = 0 } = await host.send('[]');
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });

  it('has no body where the answer was not JSON', async () => {
    answer = () => new Response('<html>', { status: 502 });
    expect(await host.send('[]')).toMatchObject({ status: 502, body: undefined });
  });

  it('goes to the same place as a beacon', () => {
    expect(host.beacon('[{}]')).toBe(true);
    expect(beacons).toEqual([['https://collector.example/v1/events', '[{}]']]);
  });

  it('is made by browsers without AbortSignal.timeout, and its time-out ends with it', async () => {
    jest.useFakeTimers();
    const timeout = Object.getOwnPropertyDescriptor(AbortSignal, 'timeout')!;
    Reflect.deleteProperty(AbortSignal, 'timeout');
    try {
      expect(await host.send('[{}]')).toMatchObject({ status: 202 });
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      Object.defineProperty(AbortSignal, 'timeout', timeout);
      jest.useRealTimers();
    }
  });

  it('is given up after ten seconds without an answer', () => {
    jest.useFakeTimers();
    try {
      let signal: AbortSignal | null | undefined;
      const fetch = (_: string, request: RequestInit) => (
        (signal = request.signal),
        new Promise(() => undefined)
      );
      withBrowserGlobals({ fetch });
      void host.send('[{}]');
      jest.advanceTimersByTime(9_999);
      expect(signal?.aborted).toBe(false);
      jest.advanceTimersByTime(1);
      expect(signal?.aborted).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });

  it('is what a browser without beacons falls back to', () => {
    withBrowserGlobals({ navigator: {} });
    expect(host.beacon('[{}]')).toBe(false);
  });
});

describe('a page', () => {
  it('leaves when it is hidden and at pagehide, and nothing listens for unload', () => {
    let left = 0;
    host.onLeave(() => left++);
    page.dispatchEvent(new Event('visibilitychange'));
    expect(left).toBe(0);
    page.hidden = true;
    page.dispatchEvent(new Event('visibilitychange'));
    frame.dispatchEvent(new Event('pagehide'));
    expect([left, heard]).toEqual([2, ['visibilitychange', 'pagehide']]);
  });

  it('is back when it is seen, restored or online again', () => {
    const reasons: string[] = [];
    host.onReturn((reason) => reasons.push(reason));
    for (const type of ['online', 'pageshow']) frame.dispatchEvent(new Event(type));
    page.dispatchEvent(new Event('visibilitychange'));
    expect(reasons).toEqual(['online', 'visible', 'visible']);
  });
});

describe('a tag that is created on a page', () => {
  it('tells the page view by itself, and what it is asked to', async () => {
    const tag = createTag({ collectorUrl: 'https://collector.example' });
    tag.track('select-color', { color_name: 'blue' });
    await settled();
    await settled();
    const bodies = sent.flatMap(([, { body }]) => eventsIn(body));
    expect(new Set(bodies.map(({ event_type }) => event_type))).toEqual(
      new Set(['page-view', 'select-color']),
    );
    expect(heard).not.toEqual(expect.arrayContaining([expect.stringMatching('unload')]));
  });
});
