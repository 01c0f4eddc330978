import { TOPICS } from '@pipeline/event-schema';
import { type BatchSender, createBatchSender } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/local-stack';
import { EventSupply } from '../../load/event-supply.ts';
import { connectionTo, silent } from '../../measure/connection.ts';
import { emptyTopic } from '../../measure/empty-topic.ts';
import { RoundResults } from '../../measure/round-results.ts';
import { type SinkContestant } from './sink-contestant.ts';
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

const WARM_UP = 0;
const { name: TOPIC, partitions: PARTITIONS } = TOPICS.selectColor;

/** Round after round each contestant in turn, each run in a process of its own on a topic and a store that were empty. */
export async function runSinks(stack: LocalStack, plan: SinkRounds): Promise<SinkResults> {
  const { contestants, rounds, events, warmUpEvents, store, say } = plan;
  const atMs = Date.now();
  const everywhere = {
    stack,
    topic: TOPIC,
    folder: `/pipeline/${TOPIC}`,
    index: `${TOPIC}-${new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '.')}`,
  };
  const results: SinkResults = new RoundResults();
  const sender = createBatchSender(connectionTo(stack), 'all', silent);
  const supplies = new Map<number, Supplies>();
  try {
    for (let round = 0; round <= rounds; round++) {
      // Servers compile what they do: whoever ran first would pay for all.
      const running = round === WARM_UP ? contestants.filter(warmsUp) : contestants;
      for (const contestant of running) {
        const { name, partitions = PARTITIONS } = contestant;
        say(`${name}: ${round === WARM_UP ? 'warm-up of the servers' : `round ${round} of ${rounds}`}`);
        await emptyTopic(stack, TOPIC, partitions);
        const place = { ...everywhere, partitions, eventsPerPartition: Math.ceil(events / partitions) };
        await store.empty(place);
        const own = supplies.get(partitions) ?? (await encoded(sender, { events, warmUpEvents, atMs }));
        supplies.set(partitions, own);
        const { run, fault } = await checked(contestant, { place, store, sender, ...own });
        if (round !== WARM_UP) results.add(contestant, fault === undefined ? run : undefined);
        if (fault !== undefined) results.fault(contestant, `round ${round}: ${fault}`);
      }
    }
  } finally {
    await sender.close();
  }
  return results;
}

/** The first and the floors, which between them do everything that a server is asked for. */
function warmsUp({ kind }: SinkContestant, place: number): boolean {
  return place === 0 || kind === 'floor';
}

type Supplies = Pick<SinkRunPlan, 'warmUp' | 'measured'>;

/** For as many partitions as the topic has. */
async function encoded(
  sender: BatchSender,
  { events, warmUpEvents, atMs }: Pick<SinkRounds, 'events' | 'warmUpEvents'> & { readonly atMs: number },
): Promise<Supplies> {
  const supply = async (first: number, count: number) => ({
    count,
    events: await EventSupply.encode(sender, TOPIC, { first, count, atMs }),
  });
  return { warmUp: await supply(0, warmUpEvents), measured: await supply(warmUpEvents, events) };
}

async function checked(
  contestant: SinkContestant,
  plan: SinkRunPlan,
): Promise<{ run?: SinkRun; fault?: string | undefined }> {
  const { place, warmUp, measured } = plan;
  try {
    const run = 'loader' in contestant ? await load(contestant, plan) : await consume(contestant, plan);
    return { run, fault: await contestant.verify(place, warmUp.count + measured.count) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
