import { startStack } from '@pipeline/local-stack';
import { type Leg, type Measured } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { spread, type Spread } from '../measure/statistics.ts';
import { type CollectorRun, type LoadShape, runCollectors } from './collector/collector-runs.ts';
import { ourCollector } from './collector/contestants.ts';

/** The first minute fills caches and the memory of ids. */
const PLANS = {
  full: { warmUpMs: 60_000, measuredMs: 300_000 },
  quick: { warmUpMs: 15_000, measuredMs: 60_000 },
  check: { warmUpMs: 10_000, measuredMs: 20_000 },
} as const;
/** One point of the curve, in samples of a second. */
const POINT_SAMPLES = 10;
const MOST_DEVIATION = 0.1;

/** The collector saturated for minutes: after the first minute its memory stays where it is. */
export const soakLeg: Leg = {
  name: 'soak',
  title: 'the collector saturated for five minutes (quick: one), memory',
  budgetSeconds: { full: 400, quick: 100, check: 50 },
  async run({ size, say }) {
    const stack = await startStack({ servers: ['kafka'] });
    try {
      const shape = { name: '64 connections, single events', connections: 64, eventsPerRequest: 1 };
      const { warmUpMs, measuredMs } = PLANS[size];
      const plan = { shape, contestants: [ourCollector], rounds: 1, warmUpMs, measuredMs, say };
      const results = await runCollectors(stack, plan);
      const { faults } = results;
      const [run] = results.counted(ourCollector);
      if (run === undefined) return { leg: 'soak', measured: [], bars: [], faults };
      const curve = pointsOf(run.rssMiB.slice(-Math.floor(measuredMs / 1_000)));
      const { median, least, most } = spread(curve);
      const deviation = Math.max(most - median, median - least) / median;
      const what = 'resident memory: largest deviation of a 10 s median from the median of all';
      const bars = [atMost(what, [deviation], MOST_DEVIATION)];
      const rate = `${Math.round(run.report.requestsPerSecond)} requests/s over ${measuredMs / 1_000} s`;
      const measured = [rowOf(shape, run, spread(curve))];
      const notes = [`${rate}; RSS in MiB every 10 s: ${curve.map((mib) => mib.toFixed(0)).join(' ')}.`];
      return { leg: 'soak', measured, bars, faults, notes };
    } finally {
      await stack.stop();
    }
  },
};

function rowOf({ name }: LoadShape, run: CollectorRun, rssMiB: Spread): Measured {
  const { report, cpuSecondsPerMillion, brokerCpuSecondsPerMillion, peakRssMiB } = run;
  const figures = {
    eventsPerSecond: spread([report.requestsPerSecond]),
    p50Ms: spread([report.p50Ms]),
    p99Ms: spread([report.p99Ms]),
    cpuSecondsPerMillion: spread([cpuSecondsPerMillion]),
    brokerCpuSecondsPerMillion: spread([brokerCpuSecondsPerMillion]),
    rssMiB,
    peakRssMiB: spread([peakRssMiB]),
  };
  return { load: name, who: ourCollector.name, kind: ourCollector.kind, figures };
}

/** Medians of ten samples each. */
function pointsOf(samples: readonly number[]): number[] {
  const points: number[] = [];
  for (let at = 0; at + POINT_SAMPLES <= samples.length; at += POINT_SAMPLES) {
    points.push(spread(samples.slice(at, at + POINT_SAMPLES)).median);
  }
  return points;
}
