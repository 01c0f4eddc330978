import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { eventually, isBulk, refuseItems, WRONG_TYPE } from '@pipeline/testing';
import { type Drill, type Settings } from '../drill.ts';
import { acceptedClick } from '../load/click.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const POISON_RECORDS = 2_000;
const ODD_RECORDS = 5_000;
const REFUSED = '"kind":"refused"';

const behindProxy = async (context: DrillContext): Promise<Settings> => ({
  ES_SINK_DLQ_STOP_AFTER_MS: '3000',
  ELASTICSEARCH_NODE: (await context.esProxy()).url,
});

/** Resolves when es-sink has stopped partitions, says so at `/readyz` and in its metrics, and stands still there. */
async function halted(context: DrillContext, partitions: number): Promise<void> {
  const app = context.app('es-sink');
  await eventually(
    async () => {
      const metrics = await metricsOf(app);
      assert.equal(metricSum(metrics, 'sink_dead_letter_breaker_open'), partitions, 'breaker');
      assert.equal(metricSum(metrics, 'sink_partition_halted'), partitions, 'halted');
      const ready = await fetch(`${app.url}/readyz`);
      const { reasons } = (await ready.json()) as { reasons?: { partitions?: string } };
      assert.equal(ready.status, 503);
      assert.match(reasons?.partitions ?? '', /the store takes no record any more/);
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
}

async function notHalted(context: DrillContext, sink: SinkName): Promise<void> {
  assert.equal(metricSum(await metricsOf(context.app(sink)), 'sink_partition_halted'), 0, `${sink}: halted`);
}

async function lettersOf(context: DrillContext): Promise<number> {
  const codes = await letterCodes(context, 'es-sink');
  return Object.values(codes).reduce((sum, letters) => sum + letters, 0);
}

const topicOfPoison: Drill = {
  name: 'topic-of-poison',
  title:
    'A partition fills with records that are not JSON: both sinks move all of them to the dead letters, stop nothing, and store the good records among them.',
  async run(context) {
    context.load(300);
    await context.advance(1_000);
    const poison = { key: 'poison', value: 'not json at all' };
    await context.outlet().sendRecords(Array.from({ length: POISON_RECORDS }, () => poison));
    await context.advance(1_000);
    await context.endLoads();
    await context.caughtUp();
    for (const sink of SINK_NAMES) {
      await notHalted(context, sink);
      assert.deepEqual(await letterCodes(context, sink), { 'not-json': POISON_RECORDS });
    }
  },
};

const senders: Drill = {
  name: 'a-sender-stops-no-partition',
  title:
    'Elasticsearch refuses 5,000 events of one visitor, then 5,000 of fifty: they alone are dead letters, no partition stops, and the events of others are stored.',
  settings: behindProxy,
  async run(context) {
    const proxy = await context.esProxy();
    const isRefused = (lines: Buffer) => lines.includes(REFUSED);
    proxy.harm((request) => (isBulk(request) ? refuseItems(request, isRefused, WRONG_TYPE) : undefined));
    context.load(200);
    for (const visitors of [1, 50]) {
      const records = Array.from({ length: ODD_RECORDS }, (_, n) => ({
        key: `sender-${n % visitors}`,
        value: JSON.stringify(acceptedClick(context.random, { kind: 'refused' })),
      }));
      await context.outlet().sendRecords(records);
      await context.advance(1_000);
    }
    await context.endLoads();
    await context.caughtUp();
    await notHalted(context, 'es-sink');
    assert.deepEqual(await letterCodes(context, 'es-sink'), { mapping: 2 * ODD_RECORDS });
  },
};

const wrongMapping: Drill = {
  name: 'mapping-breaks-for-every-document',
  title:
    'Elasticsearch refuses every document for its mapping: es-sink stops its partitions, also after a restart; repaired and restarted, it stores all of them, and only what was moved before it stopped has to be replayed.',
  settings: behindProxy,
  async run(context) {
    const proxy = await context.esProxy();
    context.load(500);
    await context.advance(1_000);
    const partitions = (await context.positions('es-sink')).length;
    proxy.harm((request) => (isBulk(request) ? refuseItems(request, () => true, WRONG_TYPE) : undefined));
    await halted(context, partitions);
    const moved = await lettersOf(context);
    await context.advance(1_000, ['hdfs-sink']);
    await context.stack.dismiss('es-sink');
    await context.launch('es-sink');
    await halted(context, partitions);
    assert.equal(await lettersOf(context), moved, 'records were moved by partitions that had stopped');
    proxy.heal();
    await context.stack.dismiss('es-sink');
    await context.launch('es-sink');
    await context.advance(1_000);
    context.note(`${moved} documents were moved before the breakers of ${partitions} partitions opened`);
  },
};

export const breaker: readonly Drill[] = [topicOfPoison, senders, wrongMapping];
