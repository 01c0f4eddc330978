import assert from 'node:assert/strict';
import { join } from 'node:path';
import { eventually } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { ReadyCollectors } from '../load/ready-collectors.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;

const withSpool = async (context: DrillContext) => ({
  COLLECTOR_API_SPOOL_DIR: join(await context.folder(), 'spool'),
  PUBLISH_TIMEOUT_MS: '800',
});

const killed: Drill = {
  name: 'collector-spool-broker-down-and-killed',
  title:
    'The only broker is away for a minute and the collector is killed meanwhile: it goes on answering 202 from its spool, and drains it.',
  apps: APPS,
  isFast: true,
  settings: withSpool,
  async run(context) {
    const broker = context.stack.server('kafka');
    const collector = context.app('collector-api');
    const collectors = new CollectorOutlet(() => [collector]);
    const load = context.collectorLoad(context.scale(1_000, 300), collectors);
    await context.advance(500);
    broker.kill('SIGKILL');
    await broker.exited();
    const acknowledgedBefore = load.acknowledged.length;
    await context.wait(context.scale(30_000, 4_000));
    const held = await spoolBytes(context);
    collector.kill('SIGKILL');
    await collector.exited();
    await collector.start();
    await context.wait(context.scale(30_000, 4_000));
    assert.ok(held > 0, 'nothing was spooled');
    assert.ok(load.acknowledged.length - acknowledgedBefore > 1_000, 'the spool took no events over');
    await broker.start();
    await drained(context);
    await context.advance(500);
    await context.endLoads();
    await drained(context);
    assertNoRefusal(collectors);
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
    context.note(`${held} bytes in the spool when the collector was killed; ${collectors.text}`);
  },
};

const frozen: Drill = {
  name: 'collector-spool-broker-frozen',
  title:
    'The only broker is frozen and goes on, again and again: what it had received before it froze is there once.',
  apps: APPS,
  settings: withSpool,
  async run(context) {
    const broker = context.stack.server('kafka');
    const collectors = new CollectorOutlet(() => [context.app('collector-api')]);
    context.collectorLoad(context.scale(1_000, 300), collectors);
    for (let round = 1; round <= context.scale(5, 2); round++) {
      await context.advance(500);
      broker.kill('SIGSTOP');
      await context.wait(context.random.between(1_000, 4_000));
      broker.kill('SIGCONT');
      await drained(context);
    }
    await context.endLoads();
    await drained(context);
    assertNoRefusal(collectors);
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
    context.note(collectors.text);
  },
};

const rolling: Drill = {
  name: 'rolling-restart-of-collectors',
  title:
    'Three collectors behind a round-robin client are restarted one after the other: every answer is 202.',
  apps: APPS,
  // Several looks of the client at /readyz, on a machine where one may take half a second.
  settings: { COLLECTOR_API_STOP_DELAY_MS: '3000' },
  async run(context) {
    await context.start('collector-api');
    await context.start('collector-api');
    const names = ['collector-api', 'collector-api-2', 'collector-api-3'];
    const ready = new ReadyCollectors(names.map((name) => context.app(name)));
    const collectors = new CollectorOutlet(() => ready.now());
    context.collectorLoad(context.scale(1_000, 300), collectors, 5);
    try {
      await context.advance(500);
      for (const name of names) {
        assert.equal(await context.app(name).stop(), 0, `exit code of ${name}`);
        await context.app(name).start();
        await context.advance(500);
      }
    } finally {
      await context.endLoads();
      await ready.close();
    }
    assert.deepEqual([...collectors.statuses.keys()], [202]);
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
    context.note(collectors.text);
  },
};

async function spoolBytes(context: DrillContext): Promise<number> {
  return metricSum(await metricsOf(context.app('collector-api')), 'collector_spool_bytes');
}

function drained(context: DrillContext): Promise<void> {
  return eventually(async () => assert.equal(await spoolBytes(context), 0), { timeoutMs: 60_000 });
}

/** While the collector is killed there is no answer; an answer is never a refusal. */
function assertNoRefusal({ statuses }: CollectorOutlet): void {
  assert.deepEqual(
    [...statuses.keys()].filter((status) => status !== 202 && status !== 0),
    [],
  );
}

export const collectors: readonly Drill[] = [killed, frozen, rolling];
