import { Bench } from 'tinybench';
import { type MicroResult } from './benchmark.ts';
import { findBenchmarks } from './find-benchmarks.ts';

const NANOSECONDS_PER_MS = 1e6;

/** Times every benchmark, a process of its own with nothing else in its memory: told by an argument how long each, in ms. */
const time = Number(process.argv[2]);
const benchmarks = await findBenchmarks();
const bench = new Bench({ time, warmupTime: time / 2 });
benchmarks.forEach(({ run }, n) => bench.add(String(n), run));
const tasks = await bench.run();
const results = tasks.map(({ result }, n): MicroResult => {
  const { project, name, events } = benchmarks[n]!;
  if (!('latency' in result)) throw new Error(`${name} came to no result`, { cause: result });
  return { project, name, nanoseconds: (result.latency.p50 * NANOSECONDS_PER_MS) / events };
});
process.send?.(results, undefined, undefined, () => process.exit(0));
