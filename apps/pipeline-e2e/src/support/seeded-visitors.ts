import { COLORS } from '@pipeline/event-schema';
import { seeded } from './seeded.ts';

/** An event as a page sends it, and the user agent that its request has. */
export interface SeededEvent {
  readonly agent: string;
  readonly event: {
    readonly event_type: 'page-view' | 'select-color';
    readonly schema_version: 1;
    readonly occurred_at: string;
    readonly page_url: string;
    readonly referrer: string;
    readonly visitor_id?: string;
    readonly session_id?: string;
    readonly user_name?: string;
    readonly color_name?: string;
  };
}

/** User agents, and what a dashboard calls their browser and their kind of device. */
export const AGENTS = [
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome',
    'Desktop',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1',
    'Safari',
    'Phone',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox', 'Desktop'],
] as const;

/** The collector takes it for a bot. */
export const BOT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

const PAGES = [
  'https://shop.example/',
  'https://shop.example/cart',
  'https://shop.example/cart?utm_source=mail',
  'https://blog.example/colours',
];
const REFERRERS = [
  '',
  'https://search.example/',
  'https://search.example/?q=colour',
  'https://news.example/',
];

/**
 * What so many visitors did in a quarter of an hour that ended a minute ago: each has one or two visits with some page
 * views, one of ten picks without having seen a page, some pick after it; some are bots, some events name nobody. The
 * same every time, but for the clock.
 */
export function seededVisitors(visitors: number, endMs: number): SeededEvent[] {
  const random = seeded(11);
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
  const events: SeededEvent[] = [];
  for (let visitor = 0; visitor < visitors; visitor++) {
    const agent = visitor % 20 === 7 ? BOT : AGENTS[Math.floor(random() ** 1.5 * AGENTS.length)]![0];
    const isNamed = visitor % 25 !== 3;
    const seesPages = random() > 0.1;
    for (let visit = 0; visit < (random() < 0.2 ? 2 : 1); visit++) {
      let atMs = Math.floor(endMs - 60_000 - random() * 800_000);
      const ids = isNamed ? { visitor_id: `v-${visitor}`, session_id: `s-${visitor}-${visit}` } : {};
      const referrer = one(REFERRERS);
      const add = (event_type: 'page-view' | 'select-color', more: object = {}): void => {
        atMs += 1_000 + Math.floor(random() * 5_000);
        const occurred_at = new Date(atMs).toISOString();
        const common = {
          event_type,
          schema_version: 1,
          occurred_at,
          page_url: one(PAGES),
          referrer,
        } as const;
        events.push({ agent, event: { ...common, ...ids, ...more } });
      };
      for (let view = 0; seesPages && view < 1 + Math.floor(random() * 3); view++) add('page-view');
      if (!seesPages || random() < 0.15)
        add('select-color', { user_name: `visitor ${visitor}`, color_name: one(COLORS) });
    }
  }
  return events;
}
