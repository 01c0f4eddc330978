import { type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { type CollectorContestant } from './collector/collector-contestant.ts';
import {
  type CollectorResults,
  type CollectorRun,
  type LoadShape,
  runCollectors,
} from './collector/collector-runs.ts';
import { collectorOf, ourCollector } from './collector/contestants.ts';

const SHAPES: readonly LoadShape[] = [
  { name: '64 connections, single events', connections: 64, eventsPerRequest: 1 },
  { name: '512 connections, single events', connections: 512, eventsPerRequest: 1 },
  { name: '64 connections, batches of 50', connections: 64, eventsPerRequest: 50 },
];
const TIMES = {
  full: { warmUpMs: 8_000, measuredMs: 4_000 },
  quick: { warmUpMs: 6_000, measuredMs: 2_000 },
  check: { warmUpMs: 2_000, measuredMs: 1_000 },
} as const;

/** What a change may cost. */
const MOST_CPU = 1.03;

/** The collector beside that of another checkout, such as the one before a change, in one run. */
export const regressionLeg: Leg = {
  name: 'regression',
  title: 'collector-api beside that of another checkout',
  budgetSeconds: { full: 180, quick: 120, check: 60 },
  async run(context) {
    if (context.beside === undefined) throw new Error('say beside which checkout: --beside <folder>');
    const before = collectorOf(context.beside, 'the other checkout');
    const stack = await startStack({ servers: ['kafka'] });
    try {
      return await measure(stack, context, before);
    } finally {
      await stack.stop();
    }
  },
};

async function measure(
  stack: LocalStack,
  { size, repetitions, say }: BenchContext,
  before: CollectorContestant,
): Promise<LegResult> {
  const contestants = [before, ourCollector];
  const measured: Measured[] = [];
  const bars: Bar[] = [];
  const faults: string[] = [];
  for (const shape of SHAPES) {
    const plan = { ...TIMES[size], shape, contestants, rounds: repetitions, say };
    const results = await runCollectors(stack, plan);
    faults.push(...results.faults);
    measured.push(...rowsOf(shape, results));
    const ratios = results.ratios(ourCollector, before, cpuSecondsPerMillion);
    if (ratios.length > 0)
      bars.push(atMost(`${shape.name}: CPU per event, times the other’s`, ratios, MOST_CPU));
  }
  return { leg: 'regression', contestants, measured, bars, faults };
}

function rowsOf({ name, eventsPerRequest }: LoadShape, results: CollectorResults): Measured[] {
  return results.contestants.map((contestant) => ({
    load: name,
    who: contestant.name,
    kind: contestant.kind,
    figures: {
      eventsPerSecond: results.spread(
        contestant,
        ({ report }) => report.requestsPerSecond * eventsPerRequest,
      ),
      p99Ms: results.spread(contestant, ({ report }) => report.p99Ms),
      cpuSecondsPerMillion: results.spread(contestant, cpuSecondsPerMillion),
      brokerCpuSecondsPerMillion: results.spread(contestant, (run) => run.brokerCpuSecondsPerMillion),
      peakRssMiB: results.spread(contestant, ({ peakRssMiB }) => peakRssMiB),
    },
  }));
}

const cpuSecondsPerMillion = (run: CollectorRun) => run.cpuSecondsPerMillion;
