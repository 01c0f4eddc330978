import { startStack } from '@pipeline/local-stack';
import { type Leg } from '../leg.ts';
import { spread } from '../measure/statistics.ts';
import { runCollectors } from './collector-runs.ts';
import { contestants } from './contestants.ts';

const FULL_MS = 300_000;
const QUICK_MS = 90_000;
/** The first minute fills caches and the memory of ids. */
const WARM_UP_MS = 60_000;
const QUICK_WARM_UP_MS = 30_000;
/** One point of the curve, in samples of a second. */
const POINT_SAMPLES = 10;
const MOST_DEVIATION = 0.1;

/** The collector saturated for minutes: after the first minute its memory stays where it is. */
export const soakLeg: Leg = {
  name: 'soak',
  title: 'the collector saturated for five minutes (quick: one and a half), memory',
  async run({ isQuick, say }) {
    const stack = await startStack({ servers: ['kafka'] });
    try {
      const [ours] = contestants(isQuick);
      const shape = { name: '64 connections, single events', connections: 64, eventsPerRequest: 1 };
      const warmUpMs = isQuick ? QUICK_WARM_UP_MS : WARM_UP_MS;
      const measuredMs = isQuick ? QUICK_MS : FULL_MS;
      const plan = { shape, contestants: [ours!], rounds: 1, warmUpMs, measuredMs, say };
      const { byContestant, faults } = await runCollectors(stack, plan);
      const [run] = byContestant.get(ours!) ?? [];
      if (run === undefined) return { leg: 'soak', measured: [], bars: [], faults };
      const curve = pointsOf(run.rssMiB.slice(-Math.floor(measuredMs / 1_000)));
      const { median, least, most } = spread(curve);
      const deviation = Math.max(most - median, median - least) / median;
      const what = 'resident memory: largest deviation of a 10 s median from the median of all';
      const value = { median: deviation, least: deviation, most: deviation };
      const bars = [{ what, value, bar: MOST_DEVIATION, holds: deviation <= MOST_DEVIATION }];
      const rate = `${Math.round(run.report.requestsPerSecond)} requests/s over ${measuredMs / 1_000} s`;
      const notes = [`${rate}; RSS in MiB every 10 s: ${curve.map((mib) => mib.toFixed(0)).join(' ')}.`];
      return { leg: 'soak', measured: [], bars, faults, notes };
    } finally {
      await stack.stop();
    }
  },
};

/** Medians of ten samples each. */
function pointsOf(samples: readonly number[]): number[] {
  const points: number[] = [];
  for (let at = 0; at + POINT_SAMPLES <= samples.length; at += POINT_SAMPLES) {
    points.push(spread(samples.slice(at, at + POINT_SAMPLES)).median);
  }
  return points;
}
