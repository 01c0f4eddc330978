import { randomInt } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { Bench } from './drills/bench/bench.ts';
import { FAST } from './drills/catalogue.ts';
import { resultLine } from './drills/report/result-line.ts';
import { runDrill } from './drills/run/run-drill.ts';

/** The fast drills, on one stack, with fewer rounds. A failure names its seed: `npm run drill -- <name> --seed <seed>`. */
describe('under a fault nothing is lost and nothing is stored twice:', () => {
  const bench = new Bench();
  afterAll(() => bench.discard());

  it.each(FAST.map((drill) => [drill.name, drill.title, drill] as const))(
    '%s: %s',
    async (_name, _title, drill) => {
      const result = await runDrill(bench, drill, { seed: randomInt(1_000_000), isBrief: true });
      expect({ failures: result.failures, line: resultLine(result), seed: result.seed }).toMatchObject({
        failures: [],
      });
      expect(result).toMatchObject({ lost: 0, double: 0 });
      expect(result.records).toBeGreaterThan(0);
    },
    600_000,
  );
});
