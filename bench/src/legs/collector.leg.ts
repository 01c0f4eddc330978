import { type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { atLeast, atMost } from '../measure/bars.ts';
import { spread, type Spread } from '../measure/statistics.ts';
import { type CollectorRun, type LoadShape, runCollectors } from './collector-runs.ts';
import { type Contestant, contestants } from './contestants.ts';

const SATURATED: readonly LoadShape[] = [
  { name: '64 connections, single events', connections: 64, eventsPerRequest: 1 },
  { name: '512 connections, single events', connections: 512, eventsPerRequest: 1 },
  { name: '64 connections, batches of 50', connections: 64, eventsPerRequest: 50 },
];
const IDLE: LoadShape = {
  name: '100 requests/s, single events',
  connections: 4,
  eventsPerRequest: 1,
  rate: 100,
};

/** A program that has just started is several times as slow: its functions are compiled while they run. */
const FULL = { warmUpMs: 12_000, measuredMs: 5_000 };
const QUICK = { warmUpMs: 8_000, measuredMs: 2_000 };

const LEAST_SHARE = 0.75;
const LEAST_BATCH_SHARE = 0.6;
const LEAST_BATCH_EVENTS_PER_CORE = 60_000;
const MOST_P99_SHARE = 1.5;
const MOST_IDLE_P50_MS = 5;

/** HTTP → Kafka, durable before the answer: the collector beside a bare handler with several fixed lingers. */
export const collectorLeg: Leg = {
  name: 'collector',
  title: 'HTTP → Kafka, acks=all, idempotent, 202 after the acknowledgement',
  async run(context) {
    const stack = await startStack({ servers: ['kafka'] });
    try {
      return await measure(stack, context);
    } finally {
      await stack.stop();
    }
  },
};

async function measure(stack: LocalStack, context: BenchContext): Promise<LegResult> {
  const measured: Measured[] = [];
  const bars: Bar[] = [];
  const faults: string[] = [];
  const all = contestants(context.isQuick);
  const times = context.isQuick ? QUICK : FULL;
  for (const shape of [...SATURATED, IDLE]) {
    const beside = shape === IDLE ? all.slice(0, 1) : all;
    const plan = { ...times, shape, contestants: beside, rounds: context.repetitions, say: context.say };
    const { byContestant, faults: own } = await runCollectors(stack, plan);
    faults.push(...own);
    for (const [contestant, runs] of byContestant) measured.push(summary(shape, contestant, runs));
    bars.push(...barsOf(shape, byContestant));
  }
  return { leg: 'collector', measured, bars, faults };
}

function summary(shape: LoadShape, { name }: Contestant, runs: readonly CollectorRun[]): Measured {
  const of = (figure: (run: CollectorRun) => number): Spread => spread(runs.map(figure));
  return {
    load: shape.name,
    who: name,
    kind: name === 'ours' ? 'ours' : 'floor',
    figures: {
      eventsPerSecond: of(({ report }) => report.requestsPerSecond * shape.eventsPerRequest),
      p50Ms: of(({ report }) => report.p50Ms),
      p99Ms: of(({ report }) => report.p99Ms),
      cpuSecondsPerMillion: of(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion),
      brokerCpuSecondsPerMillion: of(({ brokerCpuSecondsPerMillion }) => brokerCpuSecondsPerMillion),
      peakRssMiB: of(({ peakRssMiB }) => peakRssMiB),
    },
  };
}

function barsOf(shape: LoadShape, runs: ReadonlyMap<Contestant, readonly CollectorRun[]>): Bar[] {
  const [ours, ...floors] = [...runs].map(([{ name }, own]) => ({ name, own }));
  if (ours === undefined) return [];
  if (shape === IDLE) return [atMost(`${shape.name}: p50 in ms`, ours.own.map(p50Ms), MOST_IDLE_P50_MS)];
  const [floor] = floors.sort((a, b) => medianRate(b.own) - medianRate(a.own));
  if (floor === undefined) return [];
  const share = ratios(ours.own, floor.own, requestsPerSecond);
  const isBatch = shape.eventsPerRequest > 1;
  const what = `${shape.name}: share of the best floor (${floor.name})`;
  const first = atLeast(what, share, isBatch ? LEAST_BATCH_SHARE : LEAST_SHARE);
  if (!isBatch) {
    const p99 = ratios(ours.own, floor.own, ({ report }) => report.p99Ms);
    return [first, atMost(`${shape.name}: p99 against that floor’s`, p99, MOST_P99_SHARE)];
  }
  const perCore = ours.own.map(({ cpuSecondsPerMillion }) => MILLION / cpuSecondsPerMillion);
  return [first, atLeast(`${shape.name}: events per second of CPU`, perCore, LEAST_BATCH_EVENTS_PER_CORE)];
}

const MILLION = 1_000_000;
const requestsPerSecond = ({ report }: CollectorRun) => report.requestsPerSecond;
const p50Ms = ({ report }: CollectorRun) => report.p50Ms;

function medianRate(runs: readonly CollectorRun[]): number {
  return spread(runs.map(requestsPerSecond)).median;
}

/** Round by round, so that what disturbs both cancels out. */
function ratios(
  ours: readonly CollectorRun[],
  floor: readonly CollectorRun[],
  figure: (run: CollectorRun) => number,
): number[] {
  return ours.slice(0, floor.length).map((run, round) => figure(run) / figure(floor[round]!));
}
