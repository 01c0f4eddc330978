import { type LocalStack } from '@pipeline/local-stack';
import { RoundResults } from '../../measure/round-results.ts';
import { type CollectorContestant } from '../collector/collector-contestant.ts';
import { type CollectorRun, type RunPlan, runCollectors } from '../collector/collector-runs.ts';
import { ourCollector } from '../collector/contestants.ts';

const SHAPE = { name: 'collector', connections: 64, eventsPerRequest: 1 };

export type CollectorPlan = Pick<RunPlan, 'rounds' | 'warmUpMs' | 'measuredMs' | 'say'>;
type Results = RoundResults<CollectorContestant, CollectorRun>;

/** The collector with as many processes as each of these says, side by side. */
export function collectorsByProcesses(
  stack: LocalStack,
  counts: readonly { readonly name: string; readonly processes: number }[],
  plan: CollectorPlan,
): Promise<Results> {
  const contestants = counts.map((count) => ({ ...ourCollector, ...count }));
  return runCollectors(stack, { ...plan, shape: SHAPE, contestants });
}

/** The collector on a topic with as many partitions as each of these says, in turn, each time a new process. */
export async function collectorsByPartitions(
  stack: LocalStack,
  counts: readonly { readonly name: string; readonly partitions: number }[],
  { rounds, ...plan }: CollectorPlan,
): Promise<Results> {
  const results: Results = new RoundResults();
  const all = counts.map(({ name, partitions }) => ({ contestant: { ...ourCollector, name }, partitions }));
  for (let round = 1; round <= rounds; round++) {
    for (const { contestant, partitions } of all) {
      const one = { ...plan, shape: SHAPE, contestants: [contestant], rounds: 1, partitions };
      const own = await runCollectors(stack, one);
      results.add(contestant, own.counted(contestant)[0]);
      results.faults.push(...own.faults);
    }
  }
  return results;
}
