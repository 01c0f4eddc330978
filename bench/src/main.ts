import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { InvalidArgumentError, program } from 'commander';
import { DEFAULT_LEGS, LEGS, legsNamed } from './catalogue.ts';
import { consoleProgress } from './console/progress.ts';
import { type Size } from './leg.ts';
import { machine } from './report/machine.ts';
import { markdown } from './report/markdown.ts';
import { isSound, type LegReport, type Report } from './report/report.ts';
import { runLegs } from './run-legs.ts';

const RESULTS = join(import.meta.dirname, '../results');

interface Options {
  readonly quick?: boolean;
  readonly check?: boolean;
  readonly peers?: boolean;
  readonly keep: boolean;
  readonly beside?: string;
  readonly repetitions?: number;
}

async function run(names: string[], options: Options): Promise<void> {
  const size = sizeOf(options);
  const { peers: withPeers = size === 'full', repetitions = size === 'check' ? 1 : 3 } = options;
  const legs = legsNamed(names.length > 0 ? names : DEFAULT_LEGS[size]);
  const head = { startedAt: new Date().toISOString(), size, repetitions, machine: await machine() } as const;
  const done: LegReport[] = [];
  const progress = consoleProgress(legs, size);
  const onLeg = async (leg: LegReport): Promise<void> => {
    done.push(leg);
    if (options.keep && size !== 'check') await keep({ ...head, legs: done });
  };
  try {
    await runLegs(legs, { size, repetitions, withPeers, beside: options.beside }, { progress, onLeg });
  } finally {
    progress.stop();
  }
  console.log(markdown({ ...head, legs: done }));
  process.exitCode = isSound(done) ? 0 : 1;
}

function sizeOf({ quick = false, check = false }: Options): Size {
  if (check) return 'check';
  return quick ? 'quick' : 'full';
}

/** After each leg, so that an interrupted run leaves what it has. */
async function keep(report: Report): Promise<void> {
  const name = join(RESULTS, report.startedAt.slice(0, 19).replaceAll(':', ''));
  await mkdir(RESULTS, { recursive: true });
  await writeFile(`${name}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
  await writeFile(`${name}.md`, markdown(report));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new InvalidArgumentError('not a whole number from 1 to 999');
  return Number(text);
}

await program
  .name('npm run bench --')
  .description(
    `Measures the product beside floors and peers, on real servers of its own. Legs: ${LEGS.map(({ name }) => name).join(', ')}.`,
  )
  .argument('[legs...]', 'only these legs')
  .option('--quick', 'minutes instead of half an hour, without peers')
  .option('--peers', 'measure peers, which are built the first time; default unless --quick')
  .option('--no-peers', 'leave them out')
  .option('--check', 'as little as shows that nothing is lost or doubled; keeps no result')
  .option('--no-keep', 'only print the report')
  .option('--beside <checkout>', 'another checkout, built, for the leg regression', (path) => resolve(path))
  .option('--repetitions <n>', 'interleaved rounds of every contestant; default 3', wholeNumber)
  .action(run)
  .parseAsync();
