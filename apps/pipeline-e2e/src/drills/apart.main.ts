import { writeFile } from 'node:fs/promises';
import { Bench } from './bench/bench.ts';
import { drillsNamed } from './catalogue.ts';
import { type ApartRun } from './run/run-apart.ts';
import { runDrill } from './run/run-drill.ts';

// It ends with the process that started it, and all that it started ends with it.
process.stdin.once('end', () => process.exit(1)).resume();

const { drill: name, hosts, resultFile, ...options } = JSON.parse(process.argv[2] ?? '') as ApartRun;
for (const drill of drillsNamed([name])) {
  const bench = new Bench(drill, hosts);
  const result = await runDrill(bench, drill, options);
  await writeFile(resultFile, JSON.stringify(result));
  await bench.discard();
}
process.exit(0);
