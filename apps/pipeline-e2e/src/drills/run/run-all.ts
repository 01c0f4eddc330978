import { Bench } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillResult } from './drill-result.ts';
import { runApart } from './run-apart.ts';
import { runDrill } from './run-drill.ts';

export interface RunAllOptions {
  readonly seed: number;
  readonly isBrief: boolean;
  /** Drills that run at the same time, each on servers of its own. */
  readonly atOnce: number;
  /** Called for one result after the other, in the order in which drills end. */
  readonly onResult: (result: DrillResult) => Promise<void>;
}

/** Runs every drill once, those that need the same servers on the same bench; drill `i` has seed `seed + i`. */
export async function runAll(
  drills: readonly Drill[],
  { seed, isBrief, atOnce, onResult }: RunAllOptions,
): Promise<void> {
  const waiting = drills.map((drill, index) => ({ drill, seed: seed + index }));
  let told = Promise.resolve();
  const runWaiting = async (): Promise<void> => {
    let bench = new Bench();
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const { drill, seed: own } = next;
        if (!bench.fits(drill)) {
          await bench.discard();
          bench = new Bench(drill);
        }
        const options = { seed: own, isBrief };
        const result = await (drill.isApart ? runApart(drill, options) : runDrill(bench, drill, options));
        await (told = told.then(() => onResult(result)));
      }
    } finally {
      await bench.discard();
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, drills.length) }, runWaiting));
}
