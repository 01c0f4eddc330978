import assert from 'node:assert/strict';
import { eventually, isBulk, refuseItems, WRONG_TYPE } from '@pipeline/testing';
import { type Drill, type Settings } from '../drill.ts';
import { SINKS, type DrillContext, type SinkName } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const POISON_RECORDS = 2_000;
const WINDOW_RECORDS = 200;
/** At most half of the window is moved before the breaker opens. */
const MOST_LETTERS = WINDOW_RECORDS / 2;

function limits(maxShare: number): Settings {
  return Object.fromEntries(
    ['HDFS_SINK', 'ES_SINK'].flatMap((prefix) => [
      [`${prefix}_DLQ_MAX_SHARE`, String(maxShare)],
      [`${prefix}_DLQ_WINDOW_RECORDS`, String(WINDOW_RECORDS)],
      [`${prefix}_DLQ_MIN_RECORDS`, '50'],
    ]),
  );
}

/** Resolves when a sink has stopped partitions, says so at `/readyz` and in its metrics, and stands still there. */
async function halted(context: DrillContext, sink: SinkName, partitions: number): Promise<void> {
  const app = context.app(sink);
  await eventually(
    async () => {
      const metrics = await metricsOf(app);
      assert.equal(metricSum(metrics, 'sink_dead_letter_breaker_open'), partitions, `${sink}: breaker`);
      assert.equal(metricSum(metrics, 'sink_partition_halted'), partitions, `${sink}: halted`);
      const ready = await fetch(`${app.url}/readyz`);
      const { reasons } = (await ready.json()) as { reasons?: { partitions?: string } };
      assert.equal(ready.status, 503);
      assert.match(reasons?.partitions ?? '', /too many records are refused/);
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
}

async function lettersOf(context: DrillContext, sink: SinkName): Promise<number> {
  const codes = await letterCodes(context, sink);
  return Object.values(codes).reduce((sum, letters) => sum + letters, 0);
}

async function restart(context: DrillContext, sink: SinkName, settings: Settings): Promise<void> {
  await context.stack.dismiss(sink);
  await context.launch(sink, settings);
}

const topicOfPoison: Drill = {
  name: 'topic-of-poison',
  title:
    'A partition fills with records that are not JSON: both sinks stop it and raise an alarm instead of moving it to the dead letters, also after a restart; the other partitions go on, and a setting lets all of it pass.',
  settings: limits(50),
  async run(context) {
    context.load(300);
    await context.advance(1_000);
    const poison = { key: 'poison', value: 'not json at all' };
    await context.outlet().sendRecords(Array.from({ length: POISON_RECORDS }, () => poison));
    for (const sink of SINKS) await halted(context, sink, 1);
    await context.advance(1_000);
    const moved = await Promise.all(SINKS.map((sink) => lettersOf(context, sink)));
    for (const sink of SINKS) {
      await restart(context, sink, {});
      await halted(context, sink, 1);
    }
    const movedThen = await Promise.all(SINKS.map((sink) => lettersOf(context, sink)));
    for (const letters of movedThen) assert.ok(letters <= MOST_LETTERS, `${letters} records were moved`);
    context.note(
      `moved before the breaker opened: ${moved.join(' and ')}, after a restart ${movedThen.join(' and ')} of ${POISON_RECORDS}`,
    );
    await context.endLoads();
    for (const sink of SINKS) await restart(context, sink, limits(100));
    await context.caughtUp();
    for (const sink of SINKS) {
      assert.deepEqual(await letterCodes(context, sink), { 'not-json': POISON_RECORDS });
    }
  },
};

const wrongMapping: Drill = {
  name: 'mapping-breaks-for-every-document',
  title:
    'Elasticsearch refuses every document for its mapping: es-sink stops its partitions; repaired and restarted, it stores all of them, and only what the breaker let through has to be replayed.',
  settings: async (context) => ({ ...limits(50), ELASTICSEARCH_NODE: (await context.esProxy()).url }),
  async run(context) {
    const proxy = await context.esProxy();
    context.load(500);
    await context.advance(1_000);
    const partitions = (await context.positions('es-sink')).length;
    proxy.harm((request) => (isBulk(request) ? refuseItems(request, () => true, WRONG_TYPE) : undefined));
    await halted(context, 'es-sink', partitions);
    await context.advance(1_000, ['hdfs-sink']);
    proxy.heal();
    await restart(context, 'es-sink', {});
    await context.advance(1_000);
    const letters = await lettersOf(context, 'es-sink');
    assert.ok(letters <= partitions * MOST_LETTERS, `${letters} records were moved`);
    context.note(`${letters} documents were moved before the breakers of ${partitions} partitions opened`);
  },
};

export const breaker: readonly Drill[] = [topicOfPoison, wrongMapping];
