import { TOPICS } from '@pipeline/event-schema';
import { type LocalStack } from '@pipeline/testing';
import { type Browser, type Page } from 'playwright-core';
import { type Click, nextClick } from '../drills/load/click.ts';
import { CollectorOutlet } from '../drills/load/collector.outlet.ts';
import { Load } from '../drills/load/load.ts';
import { SeededRandom } from '../drills/load/seeded-random.ts';
import { BarMoves, MEASURED_COLOR } from './bar-moves.ts';
import { type Figure, percentileNote } from './figure.ts';
import { LiveClients } from './live-clients.ts';
import { percentiles } from './percentiles.ts';
import { scriptSizes } from './script-sizes.ts';
import { SearchableWatch } from './searchable-watch.ts';
import { WatchedOutlet } from './watched.outlet.ts';

/** Dashboards that are open on one replica. */
const LIVE_CLIENTS = 200;
const WARM_UP_CLICKS = 5;
/** About half a minute under load: servers that were just started run uncompiled code, and the day's index is made. */
const WARM_UP_LOADED_CLICKS = 40;
const BAR_BUDGET_MS = 500;
const SEARCHABLE_BUDGET_MS = 2_000;
const MOST_SHORTFALL = 0.05;

export interface Measurement {
  /** Clicks in the browser without load, and again under it. */
  readonly clicks: number;
  readonly eventsPerSecond: number;
  readonly loadSeconds: number;
}

/** Everything that the page, the tag and the dashboard promise in numbers, of a pipeline that runs. */
export async function measure(
  stack: LocalStack,
  browsers: readonly [Browser, Browser],
  { clicks, eventsPerSecond, loadSeconds }: Measurement,
): Promise<Figure[]> {
  const sizes = await scriptSizes(stack.app('web-ui').url);
  const bars = await BarMoves.open(browsers, stack.app('web-ui').url);
  await bars.measure(WARM_UP_CLICKS);
  const alone = barFigure('nothing else', await bars.measure(clicks));

  const nextEvent = otherColors();
  const loaded = { stack, eventsPerSecond, nextEvent };
  await underLoad(loaded, () => bars.measure(WARM_UP_LOADED_CLICKS));
  const samples: number[] = [];
  const { rate, searchableMs } = await underLoad(loaded, async (watch) => {
    expectClicksOf(bars.page, watch);
    const endsAt = performance.now() + loadSeconds * 1_000;
    while (performance.now() < endsAt) samples.push(...(await bars.measure(1)));
  });

  const clients = await LiveClients.open(stack.app('web-ui').url, LIVE_CLIENTS);
  const crowded = await bars.measure(clicks);
  if (clients.stillOpen < LIVE_CLIENTS) throw new Error(`Only ${clients.stillOpen} live clients were left`);
  clients.close();
  await bars.close();

  const searchable = percentiles(searchableMs);
  const searchableFigure = {
    name: `click → searchable in Elasticsearch, p99, at ${rate} events/s`,
    measured: searchable.p99,
    budget: SEARCHABLE_BUDGET_MS,
    unit: 'ms',
    note: percentileNote(searchable),
  } as const;
  return [
    ...sizes,
    alone,
    barFigure(`${LIVE_CLIENTS} other dashboards`, crowded),
    shortfall(eventsPerSecond, rate),
    barFigure(`${rate} events/s`, samples),
    searchableFigure,
  ];
}

/** A load that the machine could not bear proves nothing about latencies beside it. */
function shortfall(wanted: number, rate: number): Figure {
  return {
    name: `load of ${wanted} events/s, falls short by`,
    measured: Math.max(0, wanted - rate),
    budget: wanted * MOST_SHORTFALL,
    unit: 'events/s',
    note: `acknowledged: ${rate} events/s`,
  };
}

interface Loaded {
  readonly stack: LocalStack;
  readonly eventsPerSecond: number;
  readonly nextEvent: () => Click;
}

/** Events through the collector while `work` goes on; ends when a search has found all that were watched. */
async function underLoad(
  { stack, eventsPerSecond, nextEvent }: Loaded,
  work: (watch: SearchableWatch) => Promise<unknown>,
): Promise<{ rate: number; searchableMs: readonly number[] }> {
  const watch = new SearchableWatch(stack.elasticsearchUrl, `${TOPICS.selectColor.name}-*`);
  const outlet = new WatchedOutlet(new CollectorOutlet(() => [stack.app('collector-api')]), watch);
  const startedAt = performance.now();
  const load = new Load({ outlet, eventsPerSecond, nextEvent, perCall: 1 });
  await work(watch);
  await load.stop();
  const rate = Math.round((load.acknowledged.length / (performance.now() - startedAt)) * 1_000);
  await watch.close();
  return { rate, searchableMs: watch.samplesMs };
}

function barFigure(load: string, samplesMs: readonly number[]): Figure {
  const measured = percentiles(samplesMs);
  const name = `click → bar moves, p95, beside ${load}`;
  return { name, measured: measured.p95, budget: BAR_BUDGET_MS, unit: 'ms', note: percentileNote(measured) };
}

/** The page's own clicks are looked for as well, from the moment at which they were made. */
function expectClicksOf(page: Page, watch: SearchableWatch): void {
  page.on('request', (request) => {
    if (request.method() !== 'POST') return;
    for (const event of JSON.parse(request.postData() ?? '[]') as Record<string, string>[])
      if (event['event_type'] === TOPICS.selectColor.name)
        watch.expect(event['event_id'] ?? '', Date.parse(event['occurred_at'] ?? ''));
  });
}

function otherColors(): () => Click {
  const random = new SeededRandom(7);
  return () => {
    const click = nextClick(random);
    return click.color_name === MEASURED_COLOR ? { ...click, color_name: 'red' } : click;
  };
}
