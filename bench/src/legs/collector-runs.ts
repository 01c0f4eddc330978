import { allTopics, TOPICS } from '@pipeline/event-schema';
import { KafkaOperator, TopicReader } from '@pipeline/kafka-transport';
import { createTopics, type LocalStack } from '@pipeline/local-stack';
import { type LoadReport } from '../load/load.ts';
import { connectionTo, silent } from '../measure/connection.ts';
import { IdLedger, type LedgerRun } from '../measure/id-ledger.ts';
import { processCost } from '../measure/process-cost.ts';
import { RunningContestant } from '../measure/running-contestant.ts';
import { type Contestant } from './contestants.ts';

/** A load that each contestant is put under. */
export interface LoadShape {
  readonly name: string;
  readonly connections: number;
  readonly eventsPerRequest: number;
  /** Requests per second over all connections; as many as are answered where absent. */
  readonly rate?: number;
}

export interface RunPlan {
  readonly shape: LoadShape;
  readonly contestants: readonly Contestant[];
  readonly rounds: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** One line of progress before each run. */
  readonly say: (text: string) => void;
}

export interface CollectorRun {
  readonly report: LoadReport;
  readonly cpuSecondsPerMillion: number;
  readonly brokerCpuSecondsPerMillion: number;
  readonly peakRssMiB: number;
  /** Resident memory once a second since the process started, in MiB. */
  readonly rssMiB: readonly number[];
}

export interface CollectorRuns {
  readonly byContestant: ReadonlyMap<Contestant, readonly CollectorRun[]>;
  /** Runs that do not count, and why. */
  readonly faults: readonly string[];
}

const TOPIC = TOPICS.selectColor.name;
const MILLION = 1_000_000;

/**
 * One load, all contestants, each a process of its own on a topic that was empty, warmed up before the first round; then
 * round after round each in turn. At the end Kafka is asked for every event that was acknowledged.
 */
export async function runCollectors(stack: LocalStack, plan: RunPlan): Promise<CollectorRuns> {
  await emptyTopic(stack);
  const ledger = new IdLedger();
  const running: RunningContestant[] = [];
  const runs: { run: CollectorRun; entry: LedgerRun; contestant: Contestant }[] = [];
  try {
    for (const contestant of plan.contestants) {
      running.push(await RunningContestant.start(contestant, { brokers: stack.kafkaBrokers, topic: TOPIC }));
    }
    for (const one of running) {
      plan.say(`${plan.shape.name}, ${one.contestant.name}: warm-up`);
      const entry = ledger.open(`${plan.shape.name}, ${one.contestant.name}, warm-up`);
      await loaded(one, plan, { entry, forMs: plan.warmUpMs });
    }
    for (let round = 1; round <= plan.rounds; round++) {
      for (const one of running) {
        plan.say(`${plan.shape.name}, ${one.contestant.name}: round ${round} of ${plan.rounds}`);
        const entry = ledger.open(`${plan.shape.name}, ${one.contestant.name}, round ${round}`);
        runs.push({ entry, run: await measured(stack, one, plan, entry), contestant: one.contestant });
      }
    }
  } finally {
    for (const one of running) await one.stop();
  }
  const faults = await ledger.faults((each) => readTopic(stack, each));
  const byContestant = new Map<Contestant, CollectorRun[]>();
  for (const { run, entry, contestant } of runs) {
    if (faults.has(entry)) continue;
    byContestant.set(contestant, [...(byContestant.get(contestant) ?? []), run]);
  }
  return { byContestant, faults: [...faults].map(([{ name }, fault]) => `${name}: ${fault}`) };
}

async function measured(
  stack: LocalStack,
  one: RunningContestant,
  plan: RunPlan,
  entry: LedgerRun,
): Promise<CollectorRun> {
  const broker = stack.server('kafka').pid!;
  const costs = () => [processCost(one.pid).cpuSeconds, processCost(broker).cpuSeconds] as const;
  const before = costs();
  const report = await loaded(one, plan, { entry, forMs: plan.measuredMs });
  const after = costs();
  const millions = report.acknowledged / MILLION;
  return {
    report,
    cpuSecondsPerMillion: (after[0] - before[0]) / millions,
    brokerCpuSecondsPerMillion: (after[1] - before[1]) / millions,
    peakRssMiB: one.peakRssMiB,
    rssMiB: one.rssMiB,
  };
}

async function loaded(
  one: RunningContestant,
  { shape }: RunPlan,
  { entry, forMs }: { readonly entry: LedgerRun; readonly forMs: number },
): Promise<LoadReport> {
  const report = await one.load({ ...shape, firstId: entry.firstId, measuredMs: forMs });
  entry.acknowledged = report.acknowledged;
  entry.refused = report.refused;
  return report;
}

async function readTopic(stack: LocalStack, each: (value: string) => void): Promise<void> {
  const reader = new TopicReader(connectionTo(stack), silent);
  await reader.read(TOPIC, ({ records }) => {
    for (const { value } of records) each(String(value));
  });
}

async function emptyTopic(stack: LocalStack): Promise<void> {
  const operator = new KafkaOperator(connectionTo(stack), silent);
  try {
    await operator.deleteTopics([TOPIC]);
  } finally {
    await operator.close();
  }
  await createTopics(stack.kafkaBrokers, allTopics());
}
