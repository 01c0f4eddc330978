import { describe, expect, it } from '@jest/globals';
import { COLORS } from '@pipeline/event-schema';
import { renderToString } from 'preact-render-to-string';
import { click } from '../testing/clicks.fixture.ts';
import { type Journey } from '../src/protocol/journey.ts';
import { Dashboard } from './dashboard/dashboard.tsx';
import { JourneySteps } from './dashboard/event-journey.tsx';
import { RANGES } from './history/range.ts';
import { english } from './i18n/english.ts';
import { korean } from './i18n/korean.ts';
import { MessagesProvider } from './i18n/language.ts';
import { type Messages, TABS } from './i18n/messages.ts';
import { type HealthReport } from '../src/protocol/health-report.ts';
import { LiveView } from './live/live-view.ts';
import { Page } from './page/page.tsx';
import { Poll } from './page/poll.ts';
import { type Health, HealthLoader } from './dashboard/health-loader.ts';
import { readShown, writeShown } from './dashboard/url-state.ts';
import { Store } from './store.ts';

const XSS = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  "javascript:alert('1')",
  '</bdi><svg onload=alert(1)>',
  '&lt;b&gt;',
];

function viewWith(names: readonly string[]): LiveView {
  const view = new LiveView(RANGES['24h']);
  view.status.set('live');
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

function dashboardOf(
  messages: Messages,
  names: readonly string[] = [],
  { health, search = '?tab=events' }: { health?: HealthReport; search?: string } = {},
): string {
  return renderToString(
    <MessagesProvider value={messages}>
      <Dashboard
        view={viewWith(names)}
        health={Object.assign(new HealthLoader(), { health: new Store<Health>(health) })}
        shown={new Store(readShown(search))}
        onShow={() => undefined}
        href={writeShown}
      />
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
      for (const tab of TABS) expect(html).toContain(messages.tabs[tab]);
      expect(html).toContain(messages.latestEmpty);
    },
  );

  it('shows a dash for every number that it does not know, and never a zero', () => {
    const html = dashboardOf(english, [], { search: '' });
    const figures = [...html.matchAll(/figure-value">([^<]*)</g)].map(([, value]) => value);
    expect(figures).toEqual(['–', '–', '–', '–', '0']);
    expect(html).toContain('skeleton');
    expect(html).not.toContain('bar-count');
  });
});

describe('the health strip', () => {
  const lag = (group: string, records: number) => ({ group, topic: 'select-color', partition: 0, records });
  const report: HealthReport = {
    acceptedPerSecond: 20.5,
    cohort: {
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T10:01:00.000Z',
      accepted: 1_234,
      kafka: 1_234,
      hdfs: 1_204,
      elasticsearch: null,
    },
    proof: {
      provedTo: '2026-11-22T10:00:00.000Z',
      toldAt: '2026-11-22T10:00:00.000Z',
      events: 1_234_567,
      waiting: 0,
      lost: 0,
      double: 0,
      damaged: 0,
      invented: 0,
    },
    apps: [
      { app: 'collector-api', state: 'ready', instances: 2, notReady: [] },
      { app: 'hdfs-sink', state: 'not-ready', instances: 1, notReady: ['hdfs'] },
      { app: 'es-sink', state: 'silent', instances: 0, notReady: [] },
    ],
    brokerAnswers: true,
    lag: [lag('hdfs-sink', 30), lag('es-sink', 0)],
    deadLetters: [{ topic: 'select-color.es-sink.dlq', records: 3 }],
    searchable: { p50Ms: 850, p99Ms: 1_400, samples: 40 },
  };
  const text = (html: string) => html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

  const pipeline = (health?: HealthReport) =>
    text(dashboardOf(english, [], { search: '?tab=pipeline', ...(health && { health }) }));

  it('follows the same events through all stations, and says where they are behind', () => {
    const said = pipeline(report);
    expect(said).toContain('Accepted 1,234 running');
    expect(said).toContain('In Kafka 1,234 running · all there');
    expect(said).toContain('In HDFS 1,204 waiting (hdfs) · behind by 30');
    expect(said).toContain('In Elasticsearch – no signal for 16 s');
    expect(said).toContain('3 rejected');
    expect(said).toContain('0.9 s median · 1.4 s p99');
    expect(said).toContain('es-sink · select-color 0');
  });

  it('says what the audit has proved', () => {
    expect(pipeline(report)).toMatch(/Proved up to \d\d:00:00: 1,234,567 events, 0 lost, 0 double/);
    const broken = pipeline({ ...report, proof: { ...report.proof!, lost: 2, damaged: 1 } });
    expect(broken).toMatch(/Broken: up to \d\d:00:00, of 1,234,567 events · 2 lost · 1 damaged/);
    expect(broken).not.toContain('Proved up to');
    expect(pipeline({ ...report, proof: null })).toContain('npm run audit -- --follow');
    expect(pipeline({ ...report, proof: { ...report.proof!, provedTo: null } })).toContain(
      'has not proved every partition yet',
    );
  });

  it('makes up no number before it has heard any', () => {
    const said = pipeline();
    expect(said).toContain('In Kafka – not known');
    expect(said).not.toMatch(/0 lost|rejected \d/);
  });
});

describe('the journey of an event', () => {
  const steps = (journey: Journey) =>
    renderToString(
      <MessagesProvider value={english}>
        <JourneySteps journey={journey} />
      </MessagesProvider>,
    );
  const position = { topic: 'select-color', partition: 1, offset: 7, receivedAt: '2026-11-22T10:00:00.000Z' };

  it('names the place in Kafka, the file, and why it stopped', () => {
    const html = steps({
      eventId: 'a',
      position,
      hdfs: { state: 'stored', place: '/pipeline/x.jsonl' },
      elasticsearch: { state: 'dead-lettered', code: 'mapping', message: XSS[0]! },
    });
    expect(html).toContain('select-color, partition 1, offset 7');
    expect(html).toContain('/pipeline/x.jsonl');
    expect(html).toContain('could not be stored: mapping. &lt;img src=x');
    expect(html).not.toContain('<img');
  });

  it('ends at the collector where it was refused, and speaks of no store', () => {
    const refusal = {
      code: 'color-unknown',
      message: XSS[1]!,
      path: 'color_name',
      receivedAt: position.receivedAt,
    };
    const nowhere = { state: 'not-found' } as const;
    const html = steps({ eventId: 'a', refusal, hdfs: nowhere, elasticsearch: nowhere });
    expect(html).toContain('refused, so it went no further: color-unknown.');
    expect(html).toContain('Nov 22, 2026');
    expect(html).not.toMatch(/HDFS|Elasticsearch|<script/);
  });

  it('of an id that nothing knows says so, instead of hoping', () => {
    const nowhere = { state: 'not-found' } as const;
    const html = steps({ eventId: 'a', hdfs: nowhere, elasticsearch: nowhere });
    expect(html).toContain('Unknown event id');
    expect(html).not.toMatch(/HDFS|yet/);
  });

  it.each(XSS)('shows the name %j as text', (userName) => {
    const stored = { state: 'stored', place: 'x' } as const;
    const of = (name: string) =>
      steps({
        eventId: 'a',
        position,
        pick: { userName: name, color: 'navy' },
        hdfs: stored,
        elasticsearch: stored,
      });
    const tags = (html: string) => html.match(/<[a-z/][^>]*>/g);
    expect(tags(of(userName))).toEqual(tags(of('Ada')));
    expect(of(userName)).toContain(' · Navy');
  });

  it.each([
    [{ state: 'waiting', records: 12 } as const, 'on its way: 12'],
    [{ state: 'not-found' } as const, 'Not found in this store yet'],
    [{ state: 'no-answer' } as const, 'no answer right now'],
  ])('tells %j in words', (hdfs, words) => {
    expect(steps({ eventId: 'a', position, hdfs, elasticsearch: hdfs })).toContain(words);
  });
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
    const tags = (html: string) => html.replace(/ title="[^"]*"/g, '').match(/<[a-z/][^>]*>/g);
    expect(tags(after)).toEqual(tags(before));
    expect(after).toContain('&lt;img src=x onerror=alert(1)');
  });
});
