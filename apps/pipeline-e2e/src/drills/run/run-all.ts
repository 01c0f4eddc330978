import { Bench } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillResult } from './drill-result.ts';
import { runDrill } from './run-drill.ts';

export interface RunAllOptions {
  readonly seed: number;
  readonly isBrief: boolean;
  readonly onResult: (result: DrillResult) => Promise<void>;
}

/** Runs drills one after the other, those that need the same servers on the same bench; drill `i` has seed `seed + i`. */
export async function runAll(drills: readonly Drill[], options: RunAllOptions): Promise<void> {
  let ran = 0;
  for (const brokers of [1, 3] as const) {
    const bench = new Bench(brokers);
    try {
      for (const drill of drills.filter((each) => (each.brokers ?? 1) === brokers)) {
        const seed = options.seed + ran++;
        const result = await runDrill(bench, drill, { seed, isBrief: options.isBrief });
        await options.onResult(result);
      }
    } finally {
      await bench.discard();
    }
  }
}
