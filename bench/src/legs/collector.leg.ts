import { type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { spread, type Spread } from '../measure/statistics.ts';
import { type CollectorRun, runCollector } from './collector-run.ts';
import { type Contestant, contestants } from './contestants.ts';

interface LoadShape {
  readonly name: string;
  readonly connections: number;
  readonly eventsPerRequest: number;
  readonly rate?: number;
}

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

const LEAST_SHARE = 0.75;
const LEAST_BATCH_SHARE = 0.6;
const LEAST_BATCH_EVENTS_PER_CORE = 60_000;
const MOST_P99_SHARE = 1.5;
const MOST_IDLE_P50_MS = 5;

type Runs = Map<string, CollectorRun[]>;

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
  const runs: Runs = new Map();
  const faults: string[] = [];
  const take = async (shape: LoadShape, contestant: Contestant, round: number) => {
    context.say(`round ${round}: ${shape.name}, ${contestant.name}`);
    const times = context.isQuick
      ? { warmUpMs: 1_000, measuredMs: 3_000 }
      : { warmUpMs: 3_000, measuredMs: 8_000 };
    const run = await runCollector(stack, contestant, { ...shape, ...times });
    if (run.fault !== undefined) faults.push(`${shape.name}, ${contestant.name}: ${run.fault}`);
    else runs.set(keyOf(shape, contestant), [...(runs.get(keyOf(shape, contestant)) ?? []), run]);
  };
  const all = contestants(context.isQuick);
  for (let round = 1; round <= context.repetitions; round++) {
    for (const shape of SATURATED) for (const contestant of all) await take(shape, contestant, round);
    await take(IDLE, all[0]!, round);
  }
  const measured = [...SATURATED, IDLE].flatMap((shape) =>
    all.flatMap((contestant) => {
      const own = runs.get(keyOf(shape, contestant));
      return own ? [summary(shape, contestant, own)] : [];
    }),
  );
  return { leg: 'collector', measured, bars: barsOf(measured), faults };
}

function keyOf(shape: LoadShape, contestant: Contestant): string {
  return `${shape.name}/${contestant.name}`;
}

function summary(shape: LoadShape, { name }: Contestant, runs: readonly CollectorRun[]): Measured {
  const of = (figure: (run: CollectorRun) => number): Spread => spread(runs.map(figure));
  return {
    load: shape.name,
    who: name,
    eventsPerSecond: of(({ report }) => report.requestsPerSecond * shape.eventsPerRequest),
    p50Ms: of(({ report }) => report.p50Ms),
    p99Ms: of(({ report }) => report.p99Ms),
    cpuSecondsPerMillion: of(({ cpuSecondsPerMillion }) => cpuSecondsPerMillion),
    brokerCpuSecondsPerMillion: of(({ brokerCpuSecondsPerMillion }) => brokerCpuSecondsPerMillion),
    peakRssMiB: of(({ peakRssMiB }) => peakRssMiB),
  };
}

function barsOf(measured: readonly Measured[]): Bar[] {
  const bars: Bar[] = [];
  for (const [index, { name }] of SATURATED.entries()) {
    const rows = measured.filter(({ load }) => load === name);
    const ours = rows.find(({ who }) => who === 'ours');
    const [floor] = rows
      .filter((row) => row !== ours)
      .sort((a, b) => b.eventsPerSecond.median - a.eventsPerSecond.median);
    if (ours === undefined || floor === undefined) continue;
    const isBatch = index === SATURATED.length - 1;
    const share = ours.eventsPerSecond.median / floor.eventsPerSecond.median;
    bars.push(
      atLeast(
        `${name}: share of the best floor (${floor.who})`,
        share,
        isBatch ? LEAST_BATCH_SHARE : LEAST_SHARE,
      ),
    );
    if (isBatch) {
      const perCore = 1_000_000 / ours.cpuSecondsPerMillion.median;
      bars.push(atLeast(`${name}: events per second of CPU`, perCore, LEAST_BATCH_EVENTS_PER_CORE));
    } else {
      bars.push(
        atMost(`${name}: p99 against that floor’s`, ours.p99Ms.median / floor.p99Ms.median, MOST_P99_SHARE),
      );
    }
  }
  const idle = measured.find(({ load }) => load === IDLE.name);
  if (idle) bars.push(atMost(`${IDLE.name}: p50 in ms`, idle.p50Ms.median, MOST_IDLE_P50_MS));
  return bars;
}

function atLeast(what: string, value: number, bar: number): Bar {
  return { what, value, bar, holds: value >= bar };
}

function atMost(what: string, value: number, bar: number): Bar {
  return { what, value, bar, holds: value <= bar };
}
