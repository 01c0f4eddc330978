import assert from 'node:assert/strict';
import { TOPICS } from '@pipeline/event-schema';
import { eventually } from '@pipeline/testing';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { TimedOutlet } from '../load/timed.outlet.ts';
import { type DrillContext } from './drill-context.ts';
import { metricsOf, metricSum } from './metrics.ts';
import { REFUSING, spoolIsEmpty, SPOOLING, startRefusing } from './two-collectors.ts';

const PAGE_VIEW = TOPICS.pageView.name;
const PATIENCE = { timeoutMs: 60_000 };
/** What a topic in trouble may take beside: each attempt to reach its brokers makes further connections. */
const MOST_MORE_FILES = 40;
/** A machine that has other work answers later now and then. */
const TOLERANCE_MS = 100;

/** Clicks and page views through one collector, each known by what was answered. */
class MixedLoad {
  readonly clicks: TimedOutlet;
  readonly views: CollectorOutlet;

  constructor(
    private readonly context: DrillContext,
    readonly name: string,
  ) {
    const collector = () => [context.app(name)];
    this.clicks = new TimedOutlet(collector);
    this.views = new CollectorOutlet(collector);
    context.collectorLoad(context.scale(200, 100), this.clicks, 5);
    context.pageViewLoad(context.scale(100, 50), this.views);
  }

  async isDegraded(topics: readonly string[]): Promise<void> {
    const response = await fetch(`${this.context.app(this.name).url}/readyz`);
    assert.equal(response.status, 200, `${this.name} is not ready`);
    const { degraded = {} } = (await response.json()) as { degraded?: Record<string, string> };
    assert.deepEqual(
      Object.keys(degraded),
      topics.map((topic) => `topic ${topic}`),
    );
  }

  /** Whatever becomes of page views. */
  assertClicksInKafka(): void {
    assert.deepEqual([...this.clicks.statuses.keys()], [202], `answers of ${this.name} to clicks`);
    assert.deepEqual([...this.clicks.durabilities.keys()], ['kafka'], `clicks of ${this.name}`);
  }

  get text(): string {
    const durable = [...this.views.durabilities].map(([where, times]) => `${times} × ${where}`).join(', ');
    return `clicks ${this.clicks.text}; page views ${this.views.text} (${durable})`;
  }
}

/** What is done to the topic of page views, and how it is taken back. */
export interface TopicTrouble {
  breaks(): Promise<unknown>;
  mends(): Promise<unknown>;
}

/**
 * Breaks and mends the topic of page views under the load of two collectors, one with a spool and one without: page
 * views are spooled or refused, clicks answered 202 from Kafka as fast as before.
 */
export async function oneTopicInTrouble(context: DrillContext, trouble: TopicTrouble): Promise<void> {
  await startRefusing(context);
  const loads = [SPOOLING, REFUSING].map((name) => new MixedLoad(context, name));
  const [spooling, refusing] = loads as [MixedLoad, MixedLoad];
  await context.advance(1_000);
  const before = loads.map(({ clicks }) => clicks.takeMedianMs());
  const filesBefore = await openFiles(context);
  await trouble.breaks();
  for (const load of loads) await eventually(() => load.isDegraded([PAGE_VIEW]), PATIENCE);
  await context.wait(context.scale(15_000, 4_000));
  await eventually(() => {
    assert.ok((spooling.views.durabilities.get('spool') ?? 0) > 0, 'no page view was spooled');
    assert.ok((refusing.views.statuses.get(503) ?? 0) > 0, 'no page view was refused');
  }, PATIENCE);
  const during = loads.map(({ clicks }) => clicks.takeMedianMs());
  const files = await openFiles(context);
  for (const [index, count] of files.entries())
    assert.ok(count < (filesBefore[index] ?? 0) + MOST_MORE_FILES, `${count} open files and connections`);
  await trouble.mends();
  for (const load of loads) await eventually(() => load.isDegraded([]), PATIENCE);
  const inKafka = () => refusing.views.durabilities.get('kafka') ?? 0;
  const first = inKafka();
  await eventually(() => assert.ok(inKafka() > first, 'no page view is taken again'), PATIENCE);
  await context.endLoads();
  await spoolIsEmpty(context);
  for (const [index, load] of loads.entries()) {
    const [beforeMs = 0, duringMs = 0] = [before[index], during[index]];
    context.note(
      `${load.name}: ${load.text}; clicks in ${beforeMs.toFixed(1)} ms, then ${duringMs.toFixed(1)} ms`,
    );
    load.assertClicksInKafka();
    assert.ok(duringMs < 2 * beforeMs + TOLERANCE_MS, `clicks of ${load.name} took ${duringMs} ms`);
  }
  assert.deepEqual(await context.repeatedInKafka(PAGE_VIEW), [], 'page views that are in Kafka twice');
}

function openFiles(context: DrillContext): Promise<number[]> {
  const collectors = [SPOOLING, REFUSING].map((name) => context.app(name));
  return Promise.all(collectors.map(async (app) => metricSum(await metricsOf(app), 'process_open_fds')));
}
