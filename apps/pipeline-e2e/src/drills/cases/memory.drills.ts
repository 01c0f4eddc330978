import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { type Fault } from '@pipeline/testing';
import { type Drill } from '../drill.ts';
import { sparkline } from '../report/sparkline.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { MemoryWatch, type MemoryUse } from '../run/memory-watch.ts';
import { metricsOf, metricSum } from '../run/metrics.ts';

const BUDGET_BYTES = 288 << 20;
/** What the budget may be passed by; libs/sink-runtime/README.md says what the budget covers. */
const TOLERANCE = 1.1;
const SESSION_MS = 15_000;
/** Fills the records' part of the budget within seconds. */
const EVENTS_PER_SECOND = 300;
const PADDING = 'x'.repeat(8_000);
const MEBIBYTE = 1 << 20;

const settings = async (context: DrillContext) => ({
  WEBHDFS_URL: (await context.hdfsProxy()).url,
  ELASTICSEARCH_NODE: (await context.esProxy()).url,
  HDFS_SINK_MEMORY_BUDGET_BYTES: String(BUDGET_BYTES),
  ES_SINK_MEMORY_BUDGET_BYTES: String(BUDGET_BYTES),
  HDFS_SINK_SESSION_TIMEOUT_MS: String(SESSION_MS),
  ES_SINK_SESSION_TIMEOUT_MS: String(SESSION_MS),
  ES_SINK_BULK_TIMEOUT_MS: String(SESSION_MS - 5_000),
  // Requests of the size that they have in production.
  ES_SINK_BULK_MAX_BYTES: '2000000',
});

interface StoreTrouble {
  readonly name: string;
  readonly title: string;
  readonly fault: Fault;
}

function storeTrouble({ name, title, fault }: StoreTrouble): Drill {
  return {
    name,
    title,
    settings,
    async run(context) {
      const proxies = [await context.hdfsProxy(), await context.esProxy()];
      const watches = new Map(SINK_NAMES.map((sink) => [sink, new MemoryWatch(pidOf(context, sink))]));
      context.load(EVENTS_PER_SECOND, () => ({ padding: PADDING }));
      await context.advance(1_000);
      const before = await rebalances(context);
      for (const proxy of proxies) proxy.harm(() => fault);
      // Longer than a session: without heartbeats the partitions would move.
      await context.wait(context.scale(4, 1.5) * SESSION_MS);
      const after = await rebalances(context);
      for (const proxy of proxies) proxy.heal();
      await context.advance(1_000);
      await context.endLoads();
      await context.caughtUp(SINK_NAMES, 300_000);
      const used = new Map<SinkName, MemoryUse>();
      for (const [sink, watch] of watches) used.set(sink, await watch.stop());
      for (const [sink, use] of used) context.note(curve(sink, use));
      assert.deepEqual(after, before, 'a partition was lost while its store was in trouble');
      for (const [sink, use] of used) assertWithinBudget(sink, use);
    },
  };
}

function pidOf(context: DrillContext, sink: SinkName): number {
  const { pid } = context.app(sink);
  assert.ok(pid !== undefined, `${sink} does not run`);
  return pid;
}

/** How often partitions have been given out to each sink. */
async function rebalances(context: DrillContext): Promise<Record<string, number>> {
  const counts = SINK_NAMES.map(async (sink) => {
    const text = await metricsOf(context.app(sink));
    return [sink, metricSum(text, 'consumer_rebalances_total')] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

const allowedBytes = ({ baseBytes }: MemoryUse) => baseBytes + TOLERANCE * BUDGET_BYTES;
const inMebibytes = (bytes: number) => Math.round(bytes / MEBIBYTE);

function curve(sink: SinkName, use: MemoryUse): string {
  const { baseBytes, peakBytes, samples } = use;
  const line = sparkline(samples, { columns: 72, top: allowedBytes(use) });
  return `${sink.padEnd(9)} RSS ${inMebibytes(baseBytes)} MiB idle, ${inMebibytes(peakBytes)} of ${inMebibytes(allowedBytes(use))} MiB at most ${line}`;
}

function assertWithinBudget(sink: SinkName, use: MemoryUse): void {
  const { peakBytes } = use;
  assert.ok(
    peakBytes <= allowedBytes(use),
    `${sink} took ${inMebibytes(peakBytes)} MiB, more than ${inMebibytes(allowedBytes(use))} MiB`,
  );
}

export const memory: readonly Drill[] = [
  storeTrouble({
    name: 'store-hangs',
    title:
      'Both stores accept every request and never answer, for longer than a session: memory stays within the budget, no partition is lost, both sinks recover by themselves.',
    fault: { kind: 'swallow' },
  }),
  storeTrouble({
    name: 'store-ten-times-slower',
    title:
      'Both stores take ten times as long for every request: memory stays within the budget, no partition is lost, both sinks catch up afterwards.',
    fault: { kind: 'slow', factor: 10 },
  }),
];
