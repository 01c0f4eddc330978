import { setTimeout as wait } from 'node:timers/promises';
import { TOPICS, PIPELINE_APPS } from '@pipeline/event-schema';
import { createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { freePort } from '../measure/free-port.ts';
import { type ProcessCost, processCost } from '../measure/process-cost.ts';
import { Program } from '../measure/program.ts';
import { spread } from '../measure/statistics.ts';
import { bareCollector } from './collector/contestants.ts';
import { bareConsumer, bareConsumerCommand } from './sinks/bare-consumer.ts';

/** A start compiles and collects garbage for a while. */
const PLANS = {
  full: { settleMs: 30_000, windowMs: 20_000 },
  quick: { settleMs: 15_000, windowMs: 6_000 },
  check: { settleMs: 5_000, windowMs: 4_000 },
} as const;

const MOST_CPU_PERCENT = 1;
const MOST_RSS_MIB = 130;

/** As the fastest of the floors under load; at rest it says nothing. */
const FLOOR_LINGER_MS = 1;

/** A process that has nothing to do. */
interface Idler {
  readonly name: string;
  /** The floors do what an app does of necessity: they keep their connections to Kafka. */
  readonly what: 'app' | 'floor' | 'server';
  readonly pid: number;
}

interface Rest {
  readonly cpuPercent: number;
  readonly rssMiB: number;
}

/** What the pipeline costs while nobody clicks, beside bare programs that hold the same connections. */
export const restLeg: Leg = {
  name: 'rest',
  title: 'at rest: all servers and apps, no events',
  budgetSeconds: { full: 130, quick: 75, check: 50 },
  async run(context) {
    const stack = await startStack();
    const floors = new Map<string, Program>();
    try {
      await createTopics(stack.kafkaBrokers);
      await Promise.all(PIPELINE_APPS.map((app) => stack.startApp(app)));
      await startFloors(stack, floors);
      return await measure([...idlers(stack, floors)], context);
    } finally {
      await Promise.all([...floors.values()].map((floor) => floor.stop()));
      await stack.stop();
    }
  },
};

const bareProducer = bareCollector(FLOOR_LINGER_MS);

async function startFloors(stack: LocalStack, floors: Map<string, Program>): Promise<void> {
  const topic = TOPICS.selectColor.name;
  const place = { port: await freePort(), brokers: stack.kafkaBrokers, topic };
  floors.set(bareProducer.name, new Program(bareProducer.command(place)));
  floors.set(bareConsumer.name, new Program(bareConsumerCommand(stack, topic)));
}

function* idlers(stack: LocalStack, floors: ReadonlyMap<string, Program>): Generator<Idler> {
  for (const { name, pid } of stack.apps) yield { name, pid: pid!, what: 'app' };
  for (const [name, { pid }] of floors) yield { name, pid, what: 'floor' };
  for (const { name, pid } of stack.servers) yield { name, pid: pid!, what: 'server' };
}

async function measure(idle: readonly Idler[], { size, repetitions, say }: BenchContext): Promise<LegResult> {
  const { settleMs, windowMs } = PLANS[size];
  say('coming to rest');
  await wait(settleMs);
  const windows = new Map<Idler, Rest[]>(idle.map((idler) => [idler, []]));
  for (let window = 1; window <= repetitions; window++) {
    say(`window ${window} of ${repetitions}`);
    const before = new Map(idle.map((idler) => [idler, processCost(idler.pid)]));
    await wait(windowMs);
    for (const [idler, own] of windows) own.push(rest(before.get(idler)!, processCost(idler.pid), windowMs));
  }
  return {
    leg: 'rest',
    measured: [...windows].map(([idler, own]) => row(idler, own)),
    bars: [...windows].filter(([{ what }]) => what === 'app').flatMap(([{ name }, own]) => barsOf(name, own)),
  };
}

function rest(before: ProcessCost, after: ProcessCost, windowMs: number): Rest {
  const seconds = after.cpuSeconds - before.cpuSeconds;
  return { cpuPercent: (seconds / (windowMs / 1_000)) * 100, rssMiB: after.rssMiB };
}

function row({ name, what }: Idler, own: readonly Rest[]): Measured {
  const figures = {
    cpuPercent: spread(own.map(({ cpuPercent }) => cpuPercent)),
    rssMiB: spread(own.map(({ rssMiB }) => rssMiB)),
  };
  return { load: what, who: name, kind: what === 'app' ? 'ours' : 'floor', figures };
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
