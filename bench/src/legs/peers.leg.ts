import { startStack } from '@pipeline/local-stack';
import { type Contestant } from '../contestant.ts';
import { type Leg } from '../leg.ts';
import { type RoundResults } from '../measure/round-results.ts';
import { PEERS } from '../peers/peers.ts';
import { prepared } from '../prepared.ts';
import { runCollectors } from './collector/collector-runs.ts';
import { putTemplates } from './sinks/put-templates.ts';
import { runSinks } from './sinks/sink-rounds.ts';
import { ELASTICSEARCH, HDFS, type SinkStore } from './sinks/sink-store.ts';

const EVENTS = 1_000;
const REQUESTS = {
  shape: { name: `${EVENTS} requests`, connections: 4, eventsPerRequest: 1, rate: 500 },
  warmUpMs: 500,
  measuredMs: 2_000,
  rounds: 1,
};

type Results = RoundResults<Contestant, unknown>;

/** Builds or fetches every peer and sends a thousand events through each: whether they still work, not how fast they are. */
export const peersLeg: Leg = {
  name: 'peers',
  title: `every peer, ${EVENTS} events: whether all of them are there, once`,
  budgetSeconds: { full: 240, quick: 240, check: 240 },
  async run({ say }) {
    const all = [...PEERS.collector, ...PEERS.hdfs, ...PEERS.es];
    const { ready, leftOut } = await prepared<Contestant>(all, say);
    const takingPart = <C extends Contestant>(peers: readonly C[]) =>
      peers.filter((each) => ready.includes(each));
    const stack = await startStack();
    try {
      await putTemplates(stack);
      const collectors = takingPart(PEERS.collector);
      const results: Results[] = [
        await runCollectors(stack, { ...REQUESTS, contestants: collectors, say }),
        await runSinks(stack, { ...events(HDFS, say), contestants: takingPart(PEERS.hdfs) }),
        await runSinks(stack, { ...events(ELASTICSEARCH, say), contestants: takingPart(PEERS.es) }),
      ];
      const sound = new Set(results.flatMap(({ contestants }) => contestants));
      const faults = [...leftOut, ...results.flatMap(({ peerFaults }) => peerFaults)];
      const notes = [verdicts(all, sound)];
      return { leg: 'peers', contestants: all, measured: [], bars: [], notes, faults };
    } finally {
      await stack.stop();
    }
  },
};

function events(store: SinkStore, say: (text: string) => void) {
  return { rounds: 1, events: EVENTS / 2, warmUpEvents: EVENTS / 2, store, say };
}

function verdicts(all: readonly Contestant[], sound: ReadonlySet<Contestant>): string {
  const rows = all.map((each) => `- ${each.name}: ${sound.has(each) ? 'each event once' : '**not so**'}`);
  return rows.join('\n');
}
