import assert from 'node:assert/strict';
import { join } from 'node:path';
import { eventually } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { ReadyCollectors } from '../load/ready-collectors.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';
import { count } from '../report/result-line.ts';

const spool: Drill = {
  name: 'collector-spools-while-kafka-is-down',
  title:
    'Kafka is down for a minute and the collector is killed once meanwhile: what its spool acknowledged is stored once.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  settings: ({ stack }) =>
    Promise.resolve({
      COLLECTOR_API_SPOOL_DIR: join(stack.folder.root, 'spool'),
      PUBLISH_TIMEOUT_MS: '800',
    }),
  async run(context) {
    const collector = context.app('collector-api');
    const broker = context.stack.server('kafka');
    const outlet = new CollectorOutlet(() => [collector]);
    const load = context.collectorLoad(1_000, outlet);
    await context.advance(2_000);
    broker.kill('SIGKILL');
    await broker.exited();
    const acknowledgedBefore = load.acknowledged.length;
    const halfMs = context.scale(30_000, 8_000);
    await context.wait(halfMs);
    collector.kill('SIGKILL');
    await collector.exited();
    await collector.launch();
    await context.wait(halfMs);
    const spooled = load.acknowledged.length - acknowledgedBefore;
    assert.ok(spooled > 1_000, 'the spool acknowledged nothing');
    await broker.start();
    await context.advance(1_000);
    await load.stop();
    await eventually(
      async () => assert.equal(metricSum(await metricsOf(collector), 'collector_spool_oldest_seconds'), 0),
      { timeoutMs: 120_000 },
    );
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that the spool brought to Kafka twice');
    context.note(`${count(spooled)} events acknowledged while Kafka was down; ${outlet.text}`);
  },
};

const rollingRestart: Drill = {
  name: 'collectors-restarted-one-by-one',
  title:
    'Three collectors behind a round-robin client are restarted one after the other: every request is answered 202.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  settings: { COLLECTOR_API_STOP_DELAY_MS: '1000' },
  async run(context) {
    await Promise.all([context.start('collector-api'), context.start('collector-api')]);
    const names = ['collector-api', 'collector-api-2', 'collector-api-3'];
    const ready = new ReadyCollectors(() => names.map((name) => context.app(name)));
    try {
      await eventually(() => assert.equal(ready.list().length, names.length));
      const outlet = new CollectorOutlet(ready.list);
      const load = context.collectorLoad(1_000, outlet);
      for (const name of names) {
        await context.advance(1_000);
        assert.equal(await context.app(name).stop(), 0, `exit code of ${name}`);
        await context.app(name).start();
        await eventually(() => assert.equal(ready.list().length, names.length));
      }
      await context.advance(1_000);
      await load.stop();
      assert.deepEqual([...outlet.statuses.keys()], [202], outlet.text);
      assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
      context.note(outlet.text);
    } finally {
      await ready.stop();
    }
  },
};

export const collectors: readonly Drill[] = [spool, rollingRestart];
