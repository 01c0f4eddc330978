import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InvalidArgumentError, Option, program } from 'commander';
import { CATALOGUE, drillsNamed, FAST, FAULTS, MIRRORING, SCALING } from './catalogue.ts';
import { type Drill } from './drill.ts';
import { keepReport, lastResults } from './report/last-report.ts';
import { machine } from './report/machine.ts';
import { markdownReport, type Report } from './report/markdown-report.ts';
import { count, resultLine, seconds } from './report/result-line.ts';
import { held, type DrillResult } from './run/drill-result.ts';
import { runAll } from './run/run-all.ts';

interface Options {
  readonly list?: true;
  readonly subset: keyof typeof SUBSETS;
  readonly atOnce: number;
  readonly rest?: true;
  readonly brief?: true;
  readonly seed: number;
  readonly report?: string;
}

const SUBSETS = { faults: FAULTS, scaling: SCALING, mirroring: MIRRORING, fast: FAST } as const;

async function run(names: string[], options: Options): Promise<void> {
  if (options.list) return list();
  const { seed, atOnce } = options;
  const kept = options.rest ? (await lastResults()).filter(held) : [];
  const drills = chosen(names, options).filter(({ name }) => !kept.some((result) => result.name === name));
  const isBrief = options.brief ?? options.subset === 'fast';
  print(`seed ${seed}, ${drills.length} drills`);
  const startedAt = performance.now();
  const results = [...kept];
  await runAll(drills, {
    seed,
    isBrief,
    atOnce,
    onResult: async (result) => {
      show(result);
      results.push(result);
      await keepReport(await reportOf(results, options));
    },
  });
  const report = await reportOf(results, options);
  if (options.report !== undefined) await write(options.report, markdownReport(report));
  print(`${summary(report)}, ${seconds(performance.now() - startedAt)}`);
  process.exitCode = results.every(held) ? 0 : 1;
}

function chosen(names: readonly string[], { subset }: Options): readonly Drill[] {
  if (names.length > 0) return drillsNamed(names);
  return SUBSETS[subset];
}

async function reportOf(results: readonly DrillResult[], { seed, atOnce, subset }: Options): Promise<Report> {
  const inOrder = CATALOGUE.flatMap(({ name }) => results.filter((result) => result.name === name));
  const ran = new Set(inOrder.map(({ name }) => name));
  const notRun = SUBSETS[subset].map(({ name }) => name).filter((name) => !ran.has(name));
  return { ...(await machine()), seed, atOnce, results: inOrder, notRun };
}

function list(): void {
  for (const { name, title, ...drill } of CATALOGUE) print(`${name}${subsetOf(drill)}\n    ${title}`);
}

function subsetOf({ isFast, isScaling, isMirroring }: Omit<Drill, 'name' | 'title'>): string {
  if (isScaling) return ' (scaling)';
  if (isMirroring) return ' (mirroring)';
  return isFast ? ' (fast)' : '';
}

function show(result: DrillResult): void {
  print(resultLine(result));
  for (const note of result.notes) print(`        ${note}`);
  for (const failure of result.failures) print(`        ✗ ${failure}`);
}

function summary({ results }: Report): string {
  const broken = results.filter((result) => !held(result)).length;
  const events = results.reduce((sum, { records }) => sum + records, 0);
  return `${results.length - broken} held, ${broken} broken, ${count(events)} events`;
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

function atLeastOne(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('not a whole number from 1 to 99');
  return Number(text);
}

await program
  .name('npm run drill --')
  .description('Breaks a real pipeline under load and audits what both stores hold.')
  .argument('[names...]', 'only these drills')
  .option('--list', 'print the drills and what they do')
  .addOption(
    new Option(
      '--subset <name>',
      'all faults; measurements with a million records; a second cluster; or the drills of `npm test`, with fewer rounds',
    )
      .choices(Object.keys(SUBSETS))
      .default('faults'),
  )
  .option('--at-once <number>', 'drills that run at the same time, each on servers of its own', atLeastOne, 1)
  .option('--rest', 'go on: only what has not held in the last run, whose other results are kept')
  .option('--brief', 'fewer rounds and shorter outages, of any drill')
  .option('--seed <number>', 'repeat a run', wholeNumber, randomInt(1_000_000))
  .option('--report <file>', 'also write a report in Markdown')
  .action(run)
  .parseAsync();
