/**
 * `npm run verify:event-type`: makes an event type in a clone of the last commit, as docs/new-event-type.md says, and shows that
 * nothing else has to be written by hand: types, lint, the specs of what reads the catalogue, both stores, Hive and the audit.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const WORKSPACE = resolve(import.meta.dirname, '../../..');
const PROJECTS = 'event-schema,event-type,collector-api,es-sink,hdfs-sink,web-ui,audit,deployment';
const GENERATED = ['product_id:text', 'price:decimal', 'quantity:integer', 'note?:text', 'is_gift:boolean'];

const folder = await mkdtemp(join(tmpdir(), 'verify-event-type-'));
const clone = join(folder, 'workspace');
const log = createWriteStream(join(tmpdir(), 'verify-event-type.log'));
const steps: readonly (readonly [string, string, ...string[]])[] = [
  ['npm ci', 'npm', 'ci', '--no-audit', '--no-fund'],
  ['the generator makes the class, its line and its fixture', 'npx', 'nx', 'g', ...generator()],
  ['npm run catalogue writes what follows', 'npm', 'run', 'catalogue'],
  ['types', 'npx', 'nx', 'typecheck'],
  ['lint', 'npx', 'nx', 'lint'],
  ['specs', 'npx', 'nx', 'run-many', '-t', 'test', '-p', PROJECTS, '--outputStyle=static'],
  ['both stores, Hive and the audit', 'npx', 'nx', 'e2e', 'pipeline-e2e', ...endToEnd()],
];
const passed = await runAll();
await rm(folder, { recursive: true, force: true });
console.log(`${passed} passed, ${passed === steps.length + 1 ? 0 : 1} failed`);
process.exitCode = passed === steps.length + 1 ? 0 : 1;

/** What follows a failure would fail as well. @returns how many steps passed. */
async function runAll(): Promise<number> {
  if (!(await check('a clone of the last commit', WORKSPACE, 'git', ['clone', '--quiet', '.', clone])))
    return 0;
  for (const [at, [what, command, ...args]] of steps.entries()) {
    if (!(await check(what, clone, command, args))) return at + 1;
  }
  return steps.length + 1;
}

async function check(what: string, cwd: string, command: string, args: string[]): Promise<boolean> {
  const startedAt = performance.now();
  const child = spawn('env', ['NX_DAEMON=false', command, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  console.log(
    `  ${code === 0 ? '✓' : '✗'} ${what} (${seconds} s)${code === 0 ? '' : `: see ${String(log.path)}`}`,
  );
  return code === 0;
}

function generator(): string[] {
  return [
    '@pipeline/event-type',
    'add-to-cart',
    ...GENERATED,
    '--doc',
    'A visitor put a product into their cart.',
  ];
}

function endToEnd(): string[] {
  return ['--outputStyle=static', '--', '--testPathPatterns=each-event-type-reaches-both-stores'];
}
