import { describe, expect, it } from '@jest/globals';
import { COLORS } from '@pipeline/event-schema';
import { renderToString } from 'preact-render-to-string';
import { click } from '../test/clicks.ts';
import { Dashboard } from './dashboard/dashboard.tsx';
import { RANGES } from './history/range.ts';
import { english } from './i18n/english.ts';
import { korean } from './i18n/korean.ts';
import { MessagesProvider } from './i18n/language.ts';
import { type Messages } from './i18n/messages.ts';
import { LiveView } from './live/live-view.ts';
import { Page } from './page/page.tsx';
import { Poll } from './page/poll.ts';

const XSS = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "javascript:alert('1')",
  '</bdi><svg onload=alert(1)>',
  '&lt;b&gt;',
];

function viewWith(names: readonly string[]): LiveView {
  const view = new LiveView(RANGES['24h']);
  const events = names.map((user_name) => click('navy', { user_name }));
  view.live.set({ ...view.live.value, events });
  return view;
}

function pageOf(messages: Messages, names: readonly string[] = []): string {
  const poll = new Poll({ memory: { get: () => 'Minji', set: () => undefined }, now: () => 0 });
  return renderToString(
    <MessagesProvider value={messages}>
      <Page poll={poll} view={viewWith(names)} />
    </MessagesProvider>,
  );
}

function dashboardOf(messages: Messages, names: readonly string[] = []): string {
  return renderToString(
    <MessagesProvider value={messages}>
      <Dashboard view={viewWith(names)} initial="15m" />
    </MessagesProvider>,
  );
}

describe('the page', () => {
  it.each([english, korean])('has a labelled name and a button per colour, in its language', (messages) => {
    const html = pageOf(messages);
    expect(html).toContain(`aria-label="${messages.nameLabel}"`);
    for (const color of COLORS) expect(html).toMatch(new RegExp(`<button[^>]*>.*?${messages.colors[color]}`));
    expect(html.match(/<button/g)).toHaveLength(7);
    expect(html).toContain('role="status" aria-live="polite"');
  });
});

describe('the dashboard', () => {
  it.each([english, korean])(
    'offers its ranges and says that it has nothing yet, in its language',
    (messages) => {
      const html = dashboardOf(messages);
      for (const range of Object.values(messages.ranges)) expect(html).toContain(range);
      expect(html).toContain(messages.latestEmpty);
    },
  );
});

describe('a name that a visitor typed', () => {
  it.each([
    ['page', pageOf],
    ['dashboard', dashboardOf],
  ])('is text and nothing else on the %s', (_, rendered) => {
    const [before, after] = [
      rendered(
        english,
        XSS.map(() => 'x'),
      ),
      rendered(english, XSS),
    ];
    const tags = (html: string) => html.match(/<[a-z/][^>]*>/g);
    expect(tags(after)).toEqual(tags(before));
    expect(after).toContain('&lt;img src=x onerror=alert(1)');
  });
});
