import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { trackPageViews } from './page-views.ts';

let page: EventTarget & { prerendering: boolean };
let windowEvents: EventTarget;
let tracked: string[];
const globals = globalThis as { document?: unknown; addEventListener?: unknown };
const before = { ...globals };

beforeEach(() => {
  tracked = [];
  windowEvents = new EventTarget();
  page = Object.assign(new EventTarget(), { prerendering: false });
  globals.document = page;
  globals.addEventListener = windowEvents.addEventListener.bind(windowEvents);
});
afterEach(() => {
  globals.document = before.document;
  globals.addEventListener = before.addEventListener;
});

const start = () => trackPageViews({ track: (type) => (tracked.push(type), type) });
const pageShown = (persisted: boolean) =>
  windowEvents.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));

describe('page views', () => {
  it('are tracked once per load: the first pageshow of a page is part of it', () => {
    start();
    pageShown(false);
    expect(tracked).toEqual(['page-view']);
  });

  it('are tracked again when the page comes back from the back-forward cache', () => {
    start();
    pageShown(true);
    pageShown(true);
    expect(tracked).toEqual(['page-view', 'page-view', 'page-view']);
  });

  it('wait for a page that was made in advance to be shown', () => {
    page.prerendering = true;
    start();
    expect(tracked).toEqual([]);
    page.dispatchEvent(new Event('prerenderingchange'));
    expect(tracked).toEqual(['page-view']);
  });
});
