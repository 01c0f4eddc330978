import { TOPICS } from '@pipeline/event-schema';
import { TopicReader } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/local-stack';
import { type LoadReport } from '../../load/load.ts';
import { connectionTo, silent } from '../../measure/connection.ts';
import { emptyTopic } from '../../measure/empty-topic.ts';
import { IdLedger, type LedgerRun } from '../../measure/id-ledger.ts';
import { meter } from '../../measure/cost-meter.ts';
import { RoundResults } from '../../measure/round-results.ts';
import { type CollectorContestant, type CollectorPlace } from './collector-contestant.ts';
import { RunningCollector } from './running-collector.ts';

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
  readonly contestants: readonly CollectorContestant[];
  readonly rounds: number;
  /** Of the topic; default: as it is defined. */
  readonly partitions?: number;
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

export type CollectorResults = RoundResults<CollectorContestant, CollectorRun>;

const TOPIC = TOPICS.selectColor.name;
const MILLION = 1_000_000;
/** Connections are made, and the generator's own code is compiled, before a measurement begins. */
const LEAD_IN_MS = 1_000;

/**
 * One load, all contestants, each a process of its own on a topic that was empty, warmed up before the first round; then
 * round after round each in turn. At the end Kafka is asked for every event that was acknowledged.
 */
export async function runCollectors(stack: LocalStack, plan: RunPlan): Promise<CollectorResults> {
  await emptyTopic(stack, TOPIC, plan.partitions);
  const results: CollectorResults = new RoundResults();
  const ledger = new IdLedger();
  const running: RunningCollector[] = [];
  const runs: { run?: CollectorRun; entry: LedgerRun; contestant: CollectorContestant }[] = [];
  try {
    for (const contestant of plan.contestants) {
      const place = { brokers: stack.kafkaBrokers, topic: TOPIC };
      running.push(...(await started(contestant, place, results)));
    }
    for (const one of running) {
      const { contestant } = one;
      plan.say(`${plan.shape.name}, ${contestant.name}: warm-up`);
      const entry = ledger.open(`${plan.shape.name}, warm-up`);
      await loaded(one, plan, { entry, forMs: plan.warmUpMs });
      runs.push({ entry, contestant });
    }
    for (let round = 1; round <= plan.rounds; round++) {
      for (const one of running) {
        const { contestant } = one;
        plan.say(`${plan.shape.name}, ${contestant.name}: round ${round} of ${plan.rounds}`);
        const entry = ledger.open(`${plan.shape.name}, round ${round}`);
        runs.push({ entry, run: await measured(stack, one, plan, entry), contestant });
      }
    }
  } finally {
    for (const one of running) await one.stop();
  }
  plan.say(`${plan.shape.name}: looking for every event in Kafka`);
  const faults = await ledger.faults((each) => readTopic(stack, each));
  for (const { run, entry, contestant } of runs) {
    const fault = faults.get(entry);
    if (fault !== undefined) results.fault(contestant, `${entry.name}: ${fault}`);
    if (run !== undefined) results.add(contestant, fault === undefined ? run : undefined);
  }
  return results;
}

/** One that does not start is a fault of its own, and nobody else's. */
async function started(
  contestant: CollectorContestant,
  place: Omit<CollectorPlace, 'port'>,
  results: CollectorResults,
): Promise<RunningCollector[]> {
  try {
    return [await RunningCollector.start(contestant, place)];
  } catch (error) {
    results.fault(contestant, (error as Error).message);
    return [];
  }
}

async function measured(
  stack: LocalStack,
  one: RunningCollector,
  plan: RunPlan,
  entry: LedgerRun,
): Promise<CollectorRun> {
  const broker = stack.server('kafka').pid!;
  const spent = meter({ own: one.pids, broker: [broker], store: [] });
  const report = await loaded(one, plan, { entry, forMs: plan.measuredMs });
  const { own, broker: ofBroker } = spent();
  const millions = report.acknowledged / MILLION;
  return {
    report,
    cpuSecondsPerMillion: own / millions,
    brokerCpuSecondsPerMillion: ofBroker / millions,
    peakRssMiB: one.peakRssMiB,
    rssMiB: one.rssMiB,
  };
}

async function loaded(
  one: RunningCollector,
  { shape }: RunPlan,
  { entry, forMs }: { readonly entry: LedgerRun; readonly forMs: number },
): Promise<LoadReport> {
  const report = await one.load({
    ...shape,
    firstId: entry.firstId,
    leadInMs: LEAD_IN_MS,
    measuredMs: forMs,
  });
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
