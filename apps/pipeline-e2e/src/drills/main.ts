import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidArgumentError, Option, program } from 'commander';
import { CATALOGUE, drillsNamed, FAST } from './catalogue.ts';
import { type Drill } from './drill.ts';
import { keepReport, lastResults } from './report/last-report.ts';
import { machine } from './report/machine.ts';
import { markdownReport, type Report } from './report/markdown-report.ts';
import { count, resultLine, seconds } from './report/result-line.ts';
import { held, type DrillResult } from './run/drill-result.ts';
import { runAll } from './run/run-all.ts';

interface Options {
  readonly list?: true;
  readonly subset?: 'fast';
  readonly rest?: true;
  readonly brief?: true;
  readonly seed: number;
  readonly report?: string;
}

async function run(names: string[], options: Options): Promise<void> {
  if (options.list) return list();
  const { seed } = options;
  const kept = options.rest ? (await lastResults()).filter(held) : [];
  const drills = chosen(names, options).filter(({ name }) => !kept.some((result) => result.name === name));
  const isBrief = options.brief ?? options.subset === 'fast';
  print(`seed ${seed}, ${drills.length} drills`);
  const results = [...kept];
  await runAll(drills, {
    seed,
    isBrief,
    onResult: async (result) => {
      show(result);
      results.push(result);
      await keepReport(await reportOf(results, seed));
    },
  });
  const report = await reportOf(results, seed);
  if (options.report !== undefined) await write(options.report, markdownReport(report));
  print(summary(report));
  process.exitCode = results.every(held) ? 0 : 1;
}

function chosen(names: readonly string[], { subset }: Options): readonly Drill[] {
  if (names.length > 0) return drillsNamed(names);
  return subset === 'fast' ? FAST : CATALOGUE;
}

async function reportOf(results: readonly DrillResult[], seed: number): Promise<Report> {
  const inOrder = CATALOGUE.flatMap(({ name }) => results.filter((result) => result.name === name));
  const ran = new Set(inOrder.map(({ name }) => name));
  const notRun = CATALOGUE.map(({ name }) => name).filter((name) => !ran.has(name));
  return { ...(await machine()), seed, results: inOrder, notRun };
}

function list(): void {
  for (const { name, title, isFast } of CATALOGUE) print(`${name}${isFast ? ' (fast)' : ''}\n    ${title}`);
}

function show(result: DrillResult): void {
  print(resultLine(result));
  for (const note of result.notes) print(`        ${note}`);
  for (const failure of result.failures) print(`        ✗ ${failure}`);
}

function summary({ results }: Report): string {
  const broken = results.filter((result) => !held(result)).length;
  const events = results.reduce((sum, { records }) => sum + records, 0);
  const durationMs = results.reduce((sum, result) => sum + result.durationMs, 0);
  return `${results.length - broken} held, ${broken} broken, ${count(events)} events, ${seconds(durationMs)}`;
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('not a whole number below a billion');
  return Number(text);
}

await program
  .name('npm run drill --')
  .description(
    'Breaks a real pipeline under load, one drill after the other, and audits what both stores hold.',
  )
  .argument('[names...]', 'only these drills')
  .option('--list', 'print the drills and what they do')
  .addOption(new Option('--subset <name>', 'the drills of `npm test`, with fewer rounds').choices(['fast']))
  .option('--rest', 'go on: only what has not held in the last run, whose other results are kept')
  .option('--brief', 'fewer rounds and shorter outages, of any drill')
  .option('--seed <number>', 'repeat a run', wholeNumber, randomInt(1_000_000))
  .option('--report <file>', 'also write a report in Markdown')
  .action(run)
  .parseAsync();
