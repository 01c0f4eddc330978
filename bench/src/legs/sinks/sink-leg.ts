import { type LocalStack, startStack, type StackOptions } from '@pipeline/local-stack';
import { type BenchContext, type LegResult } from '../../leg.ts';
import { prepared } from '../../prepared.ts';
import { type SinkContestant } from './sink-contestant.ts';
import { runSinks } from './sink-rounds.ts';
import { type SinkStore } from './sink-store.ts';
import { measuredSinks, type ShareBars, shareBars } from './sink-summary.ts';

const PLANS = {
  full: { events: 1_000_000, warmUpEvents: 200_000 },
  quick: { events: 250_000, warmUpEvents: 150_000 },
  check: { events: 100_000, warmUpEvents: 50_000 },
} as const;

/** What the legs of the sinks differ in. */
export interface SinkLeg {
  readonly leg: string;
  readonly servers: NonNullable<StackOptions['servers']>;
  readonly store: SinkStore;
  /** Ours, floors, peers, in the order in which they run. */
  readonly contestants: readonly SinkContestant[];
  readonly bars: ShareBars;
  /** Runs once, before everything. */
  readonly prepare?: (stack: LocalStack) => Promise<void>;
}

/** Kafka → a store, on real servers of its own. */
export async function runSinkLeg(
  { leg, servers, store, contestants, bars, prepare }: SinkLeg,
  { size, repetitions, withPeers, say }: BenchContext,
): Promise<LegResult> {
  const wanted = contestants.filter(({ kind }) => withPeers || kind !== 'peer');
  const { ready, leftOut } = await prepared(wanted, say);
  const stack = await startStack({ servers });
  try {
    await prepare?.(stack);
    const plan = PLANS[size];
    const results = await runSinks(stack, { ...plan, contestants: ready, rounds: repetitions, store, say });
    return {
      leg,
      contestants: ready,
      measured: measuredSinks(`${plan.events.toLocaleString('en-US')} events`, results),
      bars: shareBars(results, bars),
      faults: results.faults,
      peerFaults: [...leftOut, ...results.peerFaults],
    };
  } finally {
    await stack.stop();
  }
}
