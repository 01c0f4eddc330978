import { setTimeout as wait } from 'node:timers/promises';
import { APP_NAMES, createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { type ProcessCost, processCost } from '../measure/process-cost.ts';
import { spread } from '../measure/statistics.ts';

/** A start compiles and collects garbage for a while. */
const PLANS = {
  full: { settleMs: 30_000, windowMs: 20_000 },
  quick: { settleMs: 15_000, windowMs: 6_000 },
  check: { settleMs: 5_000, windowMs: 4_000 },
} as const;

const MOST_CPU_PERCENT = 1;
const MOST_RSS_MIB = 130;

/** A process that has nothing to do. */
interface Idler {
  readonly name: string;
  readonly isApp: boolean;
  readonly pid: number;
}

interface Rest {
  readonly cpuPercent: number;
  readonly rssMiB: number;
}

/** What the pipeline costs while nobody clicks. */
export const restLeg: Leg = {
  name: 'rest',
  title: 'at rest: all servers and apps, no events',
  budgetSeconds: { full: 130, quick: 75, check: 50 },
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
  const { settleMs, windowMs } = PLANS[size];
  await createTopics(stack.kafkaBrokers);
  await Promise.all(APP_NAMES.map((app) => stack.startApp(app)));
  say('coming to rest');
  await wait(settleMs);
  const idlers: Idler[] = [
    ...stack.apps.map(({ name, pid }) => ({ name, pid: pid!, isApp: true })),
    ...stack.servers.map(({ name, pid }) => ({ name, pid: pid!, isApp: false })),
  ];
  const windows = new Map<Idler, Rest[]>(idlers.map((idler) => [idler, []]));
  for (let window = 1; window <= repetitions; window++) {
    say(`window ${window} of ${repetitions}`);
    const before = new Map(idlers.map((idler) => [idler, processCost(idler.pid)]));
    await wait(windowMs);
    for (const [idler, own] of windows) own.push(rest(before.get(idler)!, processCost(idler.pid), windowMs));
  }
  return {
    leg: 'rest',
    measured: [...windows].map(([{ name, isApp }, own]) => row(name, isApp ? 'app' : 'server', own)),
    bars: [...windows].filter(([{ isApp }]) => isApp).flatMap(([{ name }, own]) => barsOf(name, own)),
  };
}

function rest(before: ProcessCost, after: ProcessCost, windowMs: number): Rest {
  const seconds = after.cpuSeconds - before.cpuSeconds;
  return { cpuPercent: (seconds / (windowMs / 1_000)) * 100, rssMiB: after.rssMiB };
}

function row(name: string, load: string, own: readonly Rest[]): Measured {
  const figures = {
    cpuPercent: spread(own.map(({ cpuPercent }) => cpuPercent)),
    rssMiB: spread(own.map(({ rssMiB }) => rssMiB)),
  };
  return { load, who: name, kind: load === 'app' ? 'ours' : 'floor', figures };
}

function barsOf(name: string, own: readonly Rest[]): Bar[] {
  return [
    atMost(
      `${name}: CPU in % of a core`,
      own.map(({ cpuPercent }) => cpuPercent),
      MOST_CPU_PERCENT,
    ),
    atMost(
      `${name}: resident memory in MiB`,
      own.map(({ rssMiB }) => rssMiB),
      MOST_RSS_MIB,
    ),
  ];
}
