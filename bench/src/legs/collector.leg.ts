import { type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { prepared } from '../prepared.ts';
import { atLeast, atMost } from '../measure/bars.ts';
import { type CollectorContestant } from './collector/collector-contestant.ts';
import {
  type CollectorResults,
  type CollectorRun,
  type LoadShape,
  runCollectors,
} from './collector/collector-runs.ts';
import { bareCollector, ourCollector } from './collector/contestants.ts';
import { PEERS } from '../peers/peers.ts';

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
const PLANS = {
  full: { shapes: [...SATURATED, IDLE], lingersMs: [1, 2, 5], warmUpMs: 8_000, measuredMs: 4_000 },
  quick: { shapes: [SATURATED[0]!, SATURATED[2]!], lingersMs: [1, 5], warmUpMs: 6_000, measuredMs: 2_000 },
  check: { shapes: [SATURATED[0]!], lingersMs: [1], warmUpMs: 2_000, measuredMs: 2_000 },
} as const;

const LEAST_SHARE = 0.75;
const LEAST_BATCH_SHARE = 0.6;
const LEAST_BATCH_EVENTS_PER_CORE = 60_000;
const MOST_P99_SHARE = 1.5;
const MOST_IDLE_P50_MS = 5;

/** HTTP → Kafka, durable before the answer: the collector beside a bare handler with several fixed lingers, and peers. */
export const collectorLeg: Leg = {
  name: 'collector',
  title: 'HTTP → Kafka, acks=all, idempotent, 202 after the acknowledgement',
  budgetSeconds: { full: 540, quick: 75, check: 30 },
  async run(context) {
    const floors = PLANS[context.size].lingersMs.map(bareCollector);
    const all = [ourCollector, ...floors, ...(context.withPeers ? PEERS.collector : [])];
    const { ready, leftOut } = await prepared(all, context.say);
    const stack = await startStack({ servers: ['kafka'] });
    try {
      return await measure(stack, context, { ready, leftOut });
    } finally {
      await stack.stop();
    }
  },
};

async function measure(
  stack: LocalStack,
  { size, repetitions, say }: BenchContext,
  { ready, leftOut }: Awaited<ReturnType<typeof prepared<CollectorContestant>>>,
): Promise<LegResult> {
  const measured: Measured[] = [];
  const bars: Bar[] = [];
  const faults: string[] = [];
  const peerFaults: string[] = [...leftOut];
  const { shapes, ...times } = PLANS[size];
  for (const shape of shapes) {
    const contestants = ready.filter((contestant) => takesPart(contestant, shape));
    const results = await runCollectors(stack, { ...times, shape, contestants, rounds: repetitions, say });
    faults.push(...results.faults);
    peerFaults.push(...results.peerFaults);
    for (const contestant of results.contestants) measured.push(summary(shape, contestant, results));
    bars.push(...barsOf(shape, results));
  }
  return { leg: 'collector', contestants: ready, measured, bars, faults, peerFaults };
}

function takesPart({ kind, takesBatches = true }: CollectorContestant, shape: LoadShape): boolean {
  if (shape === IDLE) return kind === 'ours';
  return shape.eventsPerRequest === 1 || takesBatches;
}

function summary(shape: LoadShape, contestant: CollectorContestant, results: CollectorResults): Measured {
  const of = (figure: (run: CollectorRun) => number) => results.spread(contestant, figure);
  return {
    load: shape.name,
    who: contestant.name,
    kind: contestant.kind,
    figures: {
      eventsPerSecond: of((run) => requestsPerSecond(run) * shape.eventsPerRequest),
      p50Ms: of(p50Ms),
      p99Ms: of(p99Ms),
      cpuSecondsPerMillion: of(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion),
      brokerCpuSecondsPerMillion: of(({ brokerCpuSecondsPerMillion }) => brokerCpuSecondsPerMillion),
      peakRssMiB: of(({ peakRssMiB }) => peakRssMiB),
    },
  };
}

function barsOf(shape: LoadShape, results: CollectorResults): Bar[] {
  const ours = results.contestants.find(({ kind }) => kind === 'ours');
  if (ours === undefined) return [];
  const own = results.counted(ours);
  if (shape === IDLE) return [atMost(`${shape.name}: p50 in ms`, own.map(p50Ms), MOST_IDLE_P50_MS)];
  const floors = results.contestants.filter(({ kind }) => kind === 'floor');
  const floor = results.best(floors, requestsPerSecond);
  if (floor === undefined) return [];
  const isBatch = shape.eventsPerRequest > 1;
  const share = results.ratios(ours, floor, requestsPerSecond);
  const what = `${shape.name}: share of the best floor (${floor.name})`;
  const first = atLeast(what, share, isBatch ? LEAST_BATCH_SHARE : LEAST_SHARE);
  if (!isBatch) {
    const p99 = results.ratios(ours, floor, p99Ms);
    return [first, atMost(`${shape.name}: p99 against that floor’s`, p99, MOST_P99_SHARE)];
  }
  const perCore = own.map(({ cpuSecondsPerMillion }) => MILLION / cpuSecondsPerMillion);
  return [first, atLeast(`${shape.name}: events per second of CPU`, perCore, LEAST_BATCH_EVENTS_PER_CORE)];
}

const MILLION = 1_000_000;
const requestsPerSecond = ({ report }: CollectorRun) => report.requestsPerSecond;
const p50Ms = ({ report }: CollectorRun) => report.p50Ms;
const p99Ms = ({ report }: CollectorRun) => report.p99Ms;
