import { type SinkName } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { buckets, metricsOf, quantileBetween, type Buckets } from '../run/metrics.ts';
import { count, seconds } from '../report/result-line.ts';

const EVENTS_PER_SECOND = 300;

interface Outage {
  readonly name: string;
  readonly store: string;
  /** Servers to kill, in the order in which they start again. */
  readonly servers: readonly string[];
  readonly stuck: SinkName;
  readonly unaffected: SinkName;
}

function outage({ name, store, servers, stuck, unaffected }: Outage): Drill {
  return {
    name,
    title: `${store} is down for five minutes; ${unaffected} goes on with the latency it had, ${stuck} catches up afterwards.`,
    async run(context) {
      const downMs = context.scale(300_000, 20_000);
      context.load(EVENTS_PER_SECOND);
      await context.advance(1_000);
      const usual = await latencyOf(context, unaffected, 10_000);
      for (const server of servers) context.stack.server(server).kill('SIGKILL');
      await Promise.all(servers.map((server) => context.stack.server(server).exited()));
      const during = await latencyOf(context, unaffected, downMs);
      const { lag } = await context.progress(stuck);
      assert.ok(lag > 0n, `${stuck} goes on without its store`);
      for (const server of servers) await context.stack.server(server).start();
      const backAtMs = performance.now();
      await context.endLoads();
      await context.caughtUp();
      const catchUpMs = performance.now() - backAtMs;
      context.note(
        `${unaffected}, from broker to durable: ${usual} before, ${during} in ${seconds(downMs)} of outage`,
      );
      context.note(
        `${stuck} had a lag of ${count(Number(lag))} records, gone ${(catchUpMs / 1_000).toFixed(1)} s after the store was back`,
      );
    },
  };
}

/** Median and 99th percentile of what a sink made durable within a time, as upper bounds. */
async function latencyOf(context: DrillContext, sink: SinkName, ms: number): Promise<string> {
  const look = async (): Promise<Buckets> =>
    buckets(await metricsOf(context.app(sink)), 'sink_durable_seconds');
  const before = await look();
  await context.wait(ms);
  const after = await look();
  const [half, most] = [0.5, 0.99].map((quantile) => quantileBetween(before, after, quantile));
  return `p50 ≤ ${half} s, p99 ≤ ${most} s`;
}

export const outages: readonly Drill[] = [
  outage({
    name: 'elasticsearch-down-5-minutes',
    store: 'Elasticsearch',
    servers: ['elasticsearch'],
    stuck: 'es-sink',
    unaffected: 'hdfs-sink',
  }),
  outage({
    name: 'hdfs-down-5-minutes',
    store: 'HDFS',
    servers: ['namenode', 'datanode'],
    stuck: 'hdfs-sink',
    unaffected: 'es-sink',
  }),
];
