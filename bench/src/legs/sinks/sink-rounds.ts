import { allTopics, TOPICS } from '@pipeline/event-schema';
import { createBatchSender, KafkaOperator } from '@pipeline/kafka-transport';
import { createTopics, type LocalStack } from '@pipeline/local-stack';
import { EventSupply } from '../../load/event-supply.ts';
import { connectionTo, silent } from '../../measure/connection.ts';
import { RoundResults } from '../../measure/round-results.ts';
import { type SinkContestant, type SinkPlace } from './sink-contestant.ts';
import { type SinkStore } from './sink-store.ts';
import { consume, load, type SinkRun, type SinkRunPlan } from './sink-run.ts';

export interface SinkRounds {
  readonly contestants: readonly SinkContestant[];
  readonly rounds: number;
  readonly events: number;
  readonly warmUpEvents: number;
  readonly store: SinkStore;
  readonly say: (text: string) => void;
}

export type SinkResults = RoundResults<SinkContestant, SinkRun>;

const TOPIC = TOPICS.selectColor.name;

/** Round after round each contestant in turn, each run in a process of its own on a topic and a store that were empty. */
export async function runSinks(stack: LocalStack, plan: SinkRounds): Promise<SinkResults> {
  const { contestants, rounds, events, warmUpEvents, store, say } = plan;
  const atMs = Date.now();
  const place: SinkPlace = {
    stack,
    topic: TOPIC,
    folder: `/pipeline/${TOPIC}`,
    index: `${TOPIC}-${new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '.')}`,
  };
  const results: SinkResults = new RoundResults();
  await createTopics(stack.kafkaBrokers);
  const sender = createBatchSender(connectionTo(stack), 'all', silent);
  try {
    say(`encoding ${events + warmUpEvents} events`);
    const supply = async (first: number, count: number) => ({
      count,
      events: await EventSupply.encode(sender, TOPIC, { first, count, atMs }),
    });
    const [warmUp, measured] = [await supply(0, warmUpEvents), await supply(warmUpEvents, events)];
    const runPlan: SinkRunPlan = { place, store: store.servers, sender, warmUp, measured };
    for (let round = 1; round <= rounds; round++) {
      for (const contestant of contestants) {
        say(`${contestant.name}: round ${round} of ${rounds}`);
        await empty(place, store);
        const { run, fault } = await checked(contestant, runPlan, plan);
        results.add(contestant, fault === undefined ? run : undefined);
        if (fault !== undefined) results.fault(contestant, `round ${round}: ${fault}`);
      }
    }
  } finally {
    await sender.close();
  }
  return results;
}

async function checked(
  contestant: SinkContestant,
  runPlan: SinkRunPlan,
  { store }: SinkRounds,
): Promise<{ run?: SinkRun; fault?: string | undefined }> {
  const { place, warmUp, measured } = runPlan;
  try {
    const run =
      'loader' in contestant
        ? await load(contestant, runPlan, store.target(place))
        : await consume(contestant, runPlan);
    return { run, fault: await contestant.verify(place, warmUp.count + measured.count) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}

/** A new topic forgets what its groups had committed. */
async function empty(place: SinkPlace, store: SinkStore): Promise<void> {
  const { stack, topic } = place;
  const operator = new KafkaOperator(connectionTo(stack), silent);
  try {
    await operator.deleteTopics([topic]);
  } finally {
    await operator.close();
  }
  await store.empty(place);
  await createTopics(stack.kafkaBrokers, allTopics());
}
