import { randomInt } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InvalidArgumentError, Option, program } from 'commander';
import { CATALOGUE, drillsNamed, FAST } from './catalogue.ts';
import { markdownReport } from './report/markdown-report.ts';
import { machine } from './report/machine.ts';
import { count, resultLine, seconds } from './report/result-line.ts';
import { held, type DrillResult } from './run/drill-result.ts';
import { runAll } from './run/run-all.ts';

interface Options {
  readonly list?: true;
  readonly subset?: 'fast';
  readonly seed: number;
  readonly brief?: true;
  readonly report?: string;
}

const JSON_REPORT = join(import.meta.dirname, '../../test-results/drills.json');

async function run(names: string[], options: Options): Promise<void> {
  if (options.list) return list();
  const subset = options.subset === 'fast' ? FAST : CATALOGUE;
  const drills = names.length > 0 ? drillsNamed(names) : subset;
  const isBrief = options.brief ?? options.subset === 'fast';
  const startedAt = Date.now();
  print(`seed ${options.seed}, ${drills.length} drills`);
  const results = await runAll(drills, { seed: options.seed, isBrief, onResult: show });
  const broken = results.filter((result) => !held(result));
  const events = results.reduce((sum, { records }) => sum + records, 0);
  print(
    `${results.length - broken.length} held, ${broken.length} broken, ${count(events)} events, ${seconds(Date.now() - startedAt)}`,
  );
  const report = { ...(await machine()), seed: options.seed, durationMs: Date.now() - startedAt, results };
  await write(JSON_REPORT, `${JSON.stringify(report, undefined, 2)}\n`);
  if (options.report !== undefined) await write(options.report, markdownReport(report));
  process.exitCode = broken.length === 0 ? 0 : 1;
}

function list(): void {
  for (const { name, title, isFast } of CATALOGUE) print(`${name}${isFast ? ' (fast)' : ''}\n    ${title}`);
}

function show(result: DrillResult): void {
  print(resultLine(result));
  for (const note of result.notes) print(`        ${note}`);
  for (const failure of result.failures) print(`        ✗ ${failure}`);
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
  .option('--brief', 'fewer rounds and shorter outages, of any drill')
  .option('--seed <number>', 'repeat a run', wholeNumber, randomInt(1_000_000))
  .option('--report <file>', 'also write a report in Markdown')
  .action(run)
  .parseAsync();
