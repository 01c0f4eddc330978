import { createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { type Latencies } from '../load/latencies.ts';
import { type LoadReport } from '../load/load.ts';
import { atMost } from '../measure/bars.ts';
import { spread } from '../measure/statistics.ts';
import { type LatencyRun, LatencyRuns } from './latency/latency-run.ts';

const PLANS = {
  full: { rates: [100, 1_000, 5_000], measuredMs: 15_000, warmUpMs: 20_000 },
  quick: { rates: [1_000], measuredMs: 6_000, warmUpMs: 10_000 },
  check: { rates: [1_000], measuredMs: 4_000, warmUpMs: 4_000 },
} as const;
const WARM_UP_RATE = 1_000;

const BAR_RATE = 1_000;
const MOST_APPLIED_P99_MS = 1_000;
/** A search sees what was refreshed, once a second. */
const MOST_SEARCHABLE_P99_MS = 2_000;

/** From a click to both stores, at steady rates. */
export const latencyLeg: Leg = {
  name: 'latency',
  title: 'click → collector → Kafka → both stores, at steady rates, settings of `npm start`',
  budgetSeconds: { full: 270, quick: 80, check: 50 },
  async run(context) {
    const stack = await startStack();
    try {
      return await measure(stack, context);
    } finally {
      await stack.stop();
    }
  },
};

async function measure(stack: LocalStack, { size, repetitions, say }: BenchContext): Promise<LegResult> {
  const { rates, measuredMs, warmUpMs } = PLANS[size];
  await createTopics(stack.kafkaBrokers);
  const apps = ['collector-api', 'hdfs-sink', 'es-sink'] as const;
  await Promise.all(apps.map((app) => stack.startApp(app, { LOG_LEVEL: 'warn' })));
  const runs = new LatencyRuns(stack);
  say('warm-up');
  await runs.warmUp(WARM_UP_RATE, warmUpMs);
  for (let round = 1; round <= repetitions; round++) {
    for (const rate of rates) {
      say(`${rate} events/s: round ${round} of ${repetitions}`);
      await runs.run(rate, measuredMs);
    }
  }
  say('looking for every event in both stores');
  const { runs: counted, faults } = await runs.finish();
  const byRate = rates
    .map((rate) => counted.filter((run) => run.rate === rate))
    .filter((own) => own.length > 0);
  return {
    leg: 'latency',
    measured: byRate.flatMap(rows),
    bars: barsOf(counted.filter(({ rate }) => rate === BAR_RATE)),
    notes: [
      'From the moment at which the request is sent. **answered**: 202, Kafka has it. **applied**: in Elasticsearch’s log and index, a get by id has it. **found**: a search has it, after the next refresh (one a second). **visible**: its file is listed in HDFS, five seconds after its first event at the latest.',
    ],
    faults,
  };
}

function rows(runs: readonly LatencyRun[]): Measured[] {
  const load = `${runs[0]!.rate.toLocaleString('en-US')} events/s`;
  const row = (who: string, figures: Measured['figures']): Measured => ({ load, who, kind: 'ours', figures });
  const ofReport = (figure: (report: LoadReport) => number) =>
    spread(runs.map(({ answered }) => figure(answered)));
  const ofStation = (station: (run: LatencyRun) => Latencies): Measured['figures'] => {
    const quantile = (part: number) => spread(runs.map((run) => station(run).quantile(part)));
    return { p50Ms: quantile(0.5), p95Ms: quantile(0.95), p99Ms: quantile(0.99) };
  };
  return [
    row('answered by the collector', {
      eventsPerSecond: ofReport(({ requestsPerSecond }) => requestsPerSecond),
      p50Ms: ofReport(({ p50Ms }) => p50Ms),
      p95Ms: ofReport(({ p95Ms }) => p95Ms),
      p99Ms: ofReport(({ p99Ms }) => p99Ms),
    }),
    row(
      'applied in Elasticsearch',
      ofStation(({ applied }) => applied),
    ),
    row(
      'found by a search',
      ofStation(({ searchable }) => searchable),
    ),
    row(
      'visible in HDFS',
      ofStation(({ visible }) => visible),
    ),
  ];
}

function barsOf(runs: readonly LatencyRun[]): Bar[] {
  if (runs.length === 0) return [];
  const p99 = (station: (run: LatencyRun) => Latencies) => runs.map((run) => station(run).quantile(0.99));
  const at = `p99 in ms at ${BAR_RATE.toLocaleString('en-US')} events/s`;
  return [
    atMost(
      `applied in Elasticsearch, ${at}`,
      p99(({ applied }) => applied),
      MOST_APPLIED_P99_MS,
    ),
    atMost(
      `found by a search, ${at}`,
      p99(({ searchable }) => searchable),
      MOST_SEARCHABLE_P99_MS,
    ),
  ];
}
