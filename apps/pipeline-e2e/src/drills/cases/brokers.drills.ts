import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';

const restarted: Drill = {
  name: 'broker-restarted',
  title:
    'The only broker is killed and started again, then stopped cleanly and started again, under load of the collector.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  async run(context) {
    const broker = context.stack.server('kafka');
    const collectors = new CollectorOutlet(() => [context.app('collector-api')]);
    context.collectorLoad(500, collectors);
    await context.advance(1_000);
    broker.kill('SIGKILL');
    await broker.exited();
    await broker.start();
    await context.advance(1_000);
    if (context.scale(2, 1) > 1) {
      await broker.stop();
      await broker.start();
      await context.advance(1_000);
    }
    context.note(collectors.text);
  },
};

const anyOfThree: Drill = {
  name: 'any-of-three-brokers-lost',
  title: 'Each of three brokers is killed in turn while the load goes on, and comes back.',
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  brokers: 3,
  async run(context) {
    const collectors = new CollectorOutlet(() => [context.app('collector-api')]);
    context.collectorLoad(500, collectors);
    for (const name of ['kafka-1', 'kafka-2', 'kafka-3']) {
      await context.advance(1_000);
      await twoCopies(context);
      const broker = context.stack.server(name);
      broker.kill('SIGKILL');
      await broker.exited();
      // The cluster goes on without it.
      await context.advance(2_000);
      await broker.start();
    }
    await twoCopies(context);
    await context.advance(1_000);
    context.note(collectors.text);
  },
};

/** Else the loss would be of the only broker that has a record: a busy machine leaves followers behind. */
async function twoCopies({ kafka }: DrillContext): Promise<void> {
  const atLeastTwo = async () => assert.ok((await kafka.inSyncReplicas(TOPIC)) >= 2, 'one copy only');
  await eventually(atLeastTwo, { timeoutMs: 60_000 });
}

export const brokers: readonly Drill[] = [restarted, anyOfThree];
