import assert from 'node:assert/strict';
import { type Compression } from '@pipeline/kafka-transport';
import { type AppName } from '@pipeline/event-schema';
import { eventually } from '@pipeline/testing';
import { produce } from '../../support/kafka.ts';
import { limitMemory, type MemoryLimit } from '../../support/memory-limit.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { acceptedClick } from '../load/click.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const MEBIBYTE = 1 << 20;
/** Those of k8s/base. */
const LIMITS = { 'es-sink': 512, 'hdfs-sink': 768, 'web-ui': 384 } as const;
const APPS = Object.keys(LIMITS) as (keyof typeof LIMITS & AppName)[];
const PAD = 'a'.repeat(300_000);
/** How many events make one batch: as many as a topic takes, for snappy saves least. */
const BATCHES: readonly (readonly [Compression, number])[] = [
  ['zstd', 300],
  ['gzip', 200],
  ['lz4', 200],
  ['snappy', 30],
];
/** Larger than what any of them inflates to. */
const ONE_BATCH = { maxBatchBytes: 256 << 20, maxQueueBytes: 512 << 20, timeoutMs: 60_000 };
const PATIENCE = { timeoutMs: 240_000, intervalMs: 500 };

const limited = async (context: DrillContext): Promise<Map<string, MemoryLimit>> => {
  const limits = new Map<string, MemoryLimit>();
  for (const app of APPS) {
    const { pid } = context.app(app);
    assert.ok(pid !== undefined, `${app} does not run`);
    const limit = await limitMemory(pid, LIMITS[app] * MEBIBYTE);
    context.onClose(limit.lift);
    limits.set(app, limit);
  }
  return limits;
};

const shown = async (context: DrillContext): Promise<number> =>
  metricSum(await metricsOf(context.app('web-ui')), 'live_events_total');

const inflatedBatch: Drill = {
  name: 'inflated-batch',
  title:
    'Batches of less than a megabyte inflate to a hundred, one behind the other in a partition, in every compression: both sinks store them and web-ui shows them, each within its memory limit of Kubernetes.',
  apps: APPS,
  async run(context) {
    await eventually(
      async () => assert.equal((await fetch(`${context.app('web-ui').url}/readyz`)).status, 200),
      PATIENCE,
    );
    const before = await shown(context);
    const pids = APPS.map((app) => context.app(app).pid);
    const limits = await limited(context);
    let events = 0;
    for (const [compression, count] of BATCHES) {
      const records = Array.from({ length: count }, () => ({
        key: 'one partition',
        value: JSON.stringify(acceptedClick(context.random, { pad: PAD })),
      }));
      await produce(context.stack, TOPIC, records, compression, ONE_BATCH);
      events += count;
    }
    await context.caughtUp(undefined, PATIENCE.timeoutMs);
    await eventually(async () => assert.ok((await shown(context)) - before >= events, 'web-ui'), PATIENCE);
    for (const [app, limit] of limits) {
      const peak = Math.round((await limit.peakBytes()) / MEBIBYTE);
      const most = LIMITS[app as keyof typeof LIMITS];
      context.note(`${app} ${peak} of ${most} MiB at most${limit.isEnforced ? '' : ', not enforced here'}`);
      assert.ok(peak <= most, `${app} took ${peak} MiB`);
    }
    assert.deepEqual(
      APPS.map((app) => context.app(app).pid),
      pids,
      'an app was restarted',
    );
  },
};

export const inflation: readonly Drill[] = [inflatedBatch];
