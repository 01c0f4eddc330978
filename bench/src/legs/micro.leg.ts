import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Leg, type Measured } from '../leg.ts';
import { spread } from '../measure/statistics.ts';
import { type MicroResult } from '../micro/benchmark.ts';

/** How long each function is timed. */
const PLANS = { full: 500, quick: 300, check: 50 } as const;
/** What the functions are compared with, so that two machines can be, too. */
const REFERENCE = 'JSON.parse';

/** The hot functions one by one, without servers: a regression is found where it happens. */
export const microLeg: Leg = {
  name: 'micro',
  title: 'hot functions, one core, without servers',
  budgetSeconds: { full: 45, quick: 30, check: 5 },
  async run({ size, repetitions, say }) {
    const rounds: (readonly MicroResult[])[] = [];
    for (let round = 1; round <= repetitions; round++) {
      say(`round ${round} of ${repetitions}`);
      rounds.push(await timed(PLANS[size]));
    }
    const measured = rounds[0]!.map((_, n) => row(rounds.map((round) => [round[n]!, reference(round)])));
    return { leg: 'micro', measured, bars: [] };
  },
};

/** In a process of its own, where nothing else is compiled or in memory. */
async function timed(eachMs: number): Promise<readonly MicroResult[]> {
  const child = fork(join(import.meta.dirname, '../micro/micro-process.js'), [String(eachMs)]);
  const [results] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as unknown[];
  if (!Array.isArray(results)) throw new Error('the benchmarks ended early');
  return results as MicroResult[];
}

function reference(round: readonly MicroResult[]): number {
  const found = round.find(({ name }) => name === REFERENCE);
  if (found === undefined) throw new Error(`no benchmark is called ${REFERENCE}`);
  return found.nanoseconds;
}

function row(rounds: readonly (readonly [MicroResult, number])[]): Measured {
  const [{ project, name }] = rounds[0]!;
  const figures = {
    nanosecondsPerEvent: spread(rounds.map(([{ nanoseconds }]) => nanoseconds)),
    timesJsonParse: spread(rounds.map(([{ nanoseconds }, parse]) => nanoseconds / parse)),
  };
  return { load: project, who: name, kind: name === REFERENCE ? 'floor' : 'ours', figures };
}
