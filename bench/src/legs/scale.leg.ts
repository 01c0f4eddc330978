import { createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type Contestant } from '../contestant.ts';
import { type Bar, type BenchContext, type Leg, type LegResult, type Measured } from '../leg.ts';
import { atMost } from '../measure/bars.ts';
import { type RoundResults } from '../measure/round-results.ts';
import { type CollectorRun } from './collector/collector-runs.ts';
import { collectorsByPartitions, collectorsByProcesses } from './scale/scaled-collectors.ts';
import { ourEsSink, ourHdfsSink, type Scale } from './sinks/our-sink.ts';
import { runSinks } from './sinks/sink-rounds.ts';
import { type SinkRun } from './sinks/sink-run.ts';
import { ELASTICSEARCH, HDFS } from './sinks/sink-store.ts';

const PLANS = {
  full: {
    hdfsEvents: 1_000_000,
    esEvents: 300_000,
    warmUpEvents: 150_000,
    warmUpMs: 6_000,
    measuredMs: 3_000,
  },
  quick: {
    hdfsEvents: 150_000,
    esEvents: 150_000,
    warmUpEvents: 100_000,
    warmUpMs: 4_000,
    measuredMs: 1_500,
  },
  check: { hdfsEvents: 50_000, esEvents: 50_000, warmUpEvents: 20_000, warmUpMs: 2_000, measuredMs: 1_000 },
} as const;

const PROCESSES = [
  { name: '1 process', processes: 1 },
  { name: '2 processes', processes: 2 },
  { name: '3 processes', processes: 3 },
] as const;
const FEW = { name: '1 process, 3 partitions', partitions: 3 };
const MANY = { name: '1 process, 30 partitions', partitions: 30 };
const MOST_COST = 1.1;

/** What more processes bring, and what more partitions cost. */
export const scaleLeg: Leg = {
  name: 'scale',
  title: 'collector and sinks with 1, 2 and 3 processes, and on 3 and 30 partitions',
  budgetSeconds: { full: 570, quick: 240, check: 120 },
  async run(context) {
    const stack = await startStack();
    try {
      const { hdfsEvents, esEvents } = PLANS[context.size];
      await createTopics(stack.kafkaBrokers);
      const parts = [
        await collectors(stack, context),
        await sinks(stack, context, { app: 'hdfs-sink', make: ourHdfsSink, store: HDFS, events: hdfsEvents }),
        await sinks(stack, context, {
          app: 'es-sink',
          make: ourEsSink,
          store: ELASTICSEARCH,
          events: esEvents,
        }),
      ];
      const flat = <T>(list: (part: Part) => readonly T[]) => parts.flatMap((part) => list(part));
      return {
        leg: 'scale',
        measured: flat(({ measured }) => measured),
        bars: flat(({ bars }) => bars),
        faults: flat(({ faults }) => faults),
      };
    } finally {
      await stack.stop();
    }
  },
};

type Part = Required<Pick<LegResult, 'measured' | 'bars' | 'faults'>>;

async function collectors(stack: LocalStack, context: BenchContext): Promise<Part> {
  const { size, repetitions: rounds, say } = context;
  const plan = { ...PLANS[size], rounds, say };
  const byProcesses = await collectorsByProcesses(stack, PROCESSES, plan);
  const byPartitions = await collectorsByPartitions(stack, [FEW, MANY], plan);
  const cost = (run: CollectorRun) => run.cpuSecondsPerMillion;
  const figuresOf = <C extends Contestant>(results: RoundResults<C, CollectorRun>) =>
    results.contestants.map((contestant) => {
      const of = (figure: (run: CollectorRun) => number) => results.spread(contestant, figure);
      return row('collector-api', contestant, {
        eventsPerSecond: of(({ report }) => report.requestsPerSecond),
        p99Ms: of(({ report }) => report.p99Ms),
        cpuSecondsPerMillion: of(cost),
        brokerCpuSecondsPerMillion: of((run) => run.brokerCpuSecondsPerMillion),
        peakRssMiB: of(({ peakRssMiB }) => peakRssMiB),
      });
    });
  return {
    measured: [...figuresOf(byProcesses), ...figuresOf(byPartitions)],
    bars: costBar('collector-api', byPartitions, cost),
    faults: [...byProcesses.faults, ...byPartitions.faults],
  };
}

interface ScaledSink {
  readonly app: string;
  readonly make: typeof ourHdfsSink;
  readonly store: typeof HDFS;
  readonly events: number;
}

async function sinks(
  stack: LocalStack,
  context: BenchContext,
  { app, make, store, events }: ScaledSink,
): Promise<Part> {
  const { size, repetitions: rounds, say } = context;
  const scales: readonly Scale[] = [{ ...FEW, processes: 1 }, ...PROCESSES.slice(1), MANY];
  const contestants = scales.map((scale) => make(scale));
  const results = await runSinks(stack, {
    contestants,
    rounds,
    events,
    warmUpEvents: PLANS[size].warmUpEvents,
    store,
    say: (text) => say(`${app}: ${text}`),
  });
  const cost = ({ cpuSeconds }: SinkRun) => cpuSeconds.own;
  const measured = results.contestants.map((contestant) => {
    const of = (figure: (run: SinkRun) => number) => results.spread(contestant, figure);
    return row(app, contestant, {
      eventsPerSecond: of(({ eventsPerSecond }) => eventsPerSecond),
      cpuSecondsPerMillion: of(cost),
      brokerCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.broker),
      storeCpuSecondsPerMillion: of(({ cpuSeconds }) => cpuSeconds.store),
      peakRssMiB: of(({ peakRssMiB }) => peakRssMiB ?? 0),
    });
  });
  return { measured, bars: costBar(app, results, cost), faults: results.faults };
}

function row(load: string, { name }: Contestant, figures: Measured['figures']): Measured {
  return { load, who: name, kind: 'ours', figures };
}

function costBar<C extends Contestant, Run>(
  app: string,
  results: RoundResults<C, Run>,
  cost: (run: Run) => number,
): Bar[] {
  const [few, many] = [FEW, MANY].map(({ name }) => results.contestants.find((each) => each.name === name));
  const ratios = few && many ? results.ratios(many, few, cost) : [];
  if (ratios.length === 0) return [];
  return [atMost(`${app}: CPU per event with 30 partitions, times that with 3`, ratios, MOST_COST)];
}
