import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchContext, type Leg, type LegResult } from './leg.ts';
import { collectorLeg } from './legs/collector.leg.ts';
import { esLeg } from './legs/es.leg.ts';
import { hdfsLeg } from './legs/hdfs.leg.ts';
import { soakLeg } from './legs/soak.leg.ts';
import { machine } from './report/machine.ts';
import { markdown, type Report } from './report/markdown.ts';

const LEGS: readonly Leg[] = [collectorLeg, hdfsLeg, esLeg, soakLeg];
/** Run when no leg is named. */
const DEFAULT_LEGS = ['collector', 'hdfs', 'es'];
const RESULTS = join(import.meta.dirname, '../results');
const KAFKA_VERSION = '4.4.0';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, repetitions: { type: 'string', default: '5' } },
});
const wanted = positionals.length > 0 ? positionals : DEFAULT_LEGS;
const unknown = wanted.filter((name) => !LEGS.some((leg) => leg.name === name));
if (unknown.length > 0) {
  console.error(
    `no leg is called ${unknown.join(', ')}; there are ${LEGS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

const startedAt = new Date().toISOString();
const facts = machine(KAFKA_VERSION);
const context: BenchContext = {
  isQuick: values.quick,
  repetitions: Number(values.repetitions),
  say: (text) => console.error(`${new Date().toISOString().slice(11, 19)} ${text}`),
};
const legs: (LegResult & { title: string })[] = [];
for (const leg of LEGS.filter(({ name }) => wanted.includes(name))) {
  legs.push({ ...(await leg.run(context)), title: leg.title });
}
const { isQuick, repetitions } = context;
const report: Report = { startedAt, isQuick, repetitions, machine: facts, legs };
const name = join(RESULTS, startedAt.slice(0, 19).replaceAll(':', ''));
await mkdir(RESULTS, { recursive: true });
await writeFile(`${name}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
await writeFile(`${name}.md`, markdown(report));
console.log(markdown(report));
process.exitCode = legs.some(({ faults }) => faults.length > 0) ? 1 : 0;
