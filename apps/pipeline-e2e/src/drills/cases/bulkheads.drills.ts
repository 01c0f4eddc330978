import assert from 'node:assert/strict';
import { allTopics, GROUPS, TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { createTopics, eventually } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { REFUSING, spoolIsEmpty, SPOOLING, startRefusing, withSpool } from '../run/two-collectors.ts';

const PAGE_VIEW = TOPICS.pageView.name;

/** Clicks and page views through one collector, each known by what was answered. */
class MixedLoad {
  readonly clicks: CollectorOutlet;
  readonly views: CollectorOutlet;

  constructor(
    readonly context: DrillContext,
    readonly name: string,
  ) {
    const collector = () => [context.app(name)];
    this.clicks = new CollectorOutlet(collector);
    this.views = new CollectorOutlet(collector);
    context.collectorLoad(context.scale(200, 100), this.clicks, 5);
    context.pageViewLoad(context.scale(100, 50), this.views);
  }

  /** Whatever becomes of page views. */
  assertClicksInKafka(): void {
    assert.deepEqual([...this.clicks.statuses.keys()], [202], `answers of ${this.name} to clicks`);
    assert.deepEqual([...this.clicks.durabilities.keys()], ['kafka'], `clicks of ${this.name}`);
  }

  get text(): string {
    const durable = [...this.views.durabilities].map(([where, times]) => `${times} × ${where}`).join(', ');
    return `${this.name}: clicks ${this.clicks.text}; page views ${this.views.text} (${durable})`;
  }
}

/** What `/readyz` says of an app that is ready. */
async function degraded(context: DrillContext, name: string): Promise<string[]> {
  const response = await fetch(`${context.app(name).url}/readyz`);
  assert.equal(response.status, 200, `${name} is not ready`);
  const { degraded: parts = {} } = (await response.json()) as { degraded?: Record<string, string> };
  return Object.keys(parts);
}

/** Breaks and mends one topic under the load of two collectors, one with a spool and one without. */
async function oneTopic(
  context: DrillContext,
  breaks: () => Promise<unknown>,
  mends: () => Promise<unknown>,
): Promise<void> {
  await startRefusing(context);
  await breaks();
  const loads = [SPOOLING, REFUSING].map((name) => new MixedLoad(context, name));
  await context.advance(500);
  for (const name of [SPOOLING, REFUSING, ...SINK_NAMES]) {
    await eventually(async () => assert.deepEqual(await degraded(context, name), [`topic ${PAGE_VIEW}`]));
  }
  // One that starts meanwhile reads the other topic, too.
  await context.app(GROUPS.esSink).stop();
  await context.app(GROUPS.esSink).start();
  await context.advance(500);
  await context.wait(context.scale(15_000, 4_000));
  const [spooling, refusing] = loads as [MixedLoad, MixedLoad];
  assert.ok((spooling.views.durabilities.get('spool') ?? 0) > 0, 'no page view was spooled');
  assert.ok((refusing.views.statuses.get(503) ?? 0) > 0, 'no page view was refused');
  await mends();
  await spoolIsEmpty(context);
  for (const name of [SPOOLING, REFUSING, ...SINK_NAMES]) {
    await eventually(async () => assert.deepEqual(await degraded(context, name), []), { timeoutMs: 30_000 });
  }
  const kafka = refusing.views.durabilities.get('kafka') ?? 0;
  await eventually(() => assert.ok((refusing.views.durabilities.get('kafka') ?? 0) > kafka));
  await context.endLoads();
  await spoolIsEmpty(context);
  for (const load of loads) load.assertClicksInKafka();
  assert.deepEqual(await context.repeatedInKafka(PAGE_VIEW), [], 'page views that are in Kafka twice');
  for (const load of loads) context.note(load.text);
}

const missing: Drill = {
  name: 'one-topic-missing',
  title:
    'page-view is deleted and made again under load: clicks are answered 202 from Kafka and stored all the while, page views spooled or refused.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  settings: withSpool,
  run: (context) =>
    oneTopic(
      context,
      () => context.kafka.deleteTopics([PAGE_VIEW]),
      () => createTopics(context.stack.kafkaBrokers, allTopics()),
    ),
};

export const bulkheads: readonly Drill[] = [missing];
