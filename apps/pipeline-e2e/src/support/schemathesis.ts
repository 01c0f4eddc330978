import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');
const REQUIREMENTS = join(PROJECT, 'fuzz/requirements.txt');
const CACHE = resolve(PROJECT, '../../node_modules/.cache/schemathesis');

/** What a program printed and how it ended. */
export interface ProgramEnd {
  readonly exitCode: number;
  readonly output: string;
}

function run(program: string, args: readonly string[], timeoutMs: number): Promise<ProgramEnd> {
  return new Promise((done) => {
    const options = { timeout: timeoutMs, maxBuffer: 64 << 20, cwd: CACHE };
    execFile(program, args, options, (error, stdout, stderr) => {
      const code = error?.code;
      done({ exitCode: error === null ? 0 : typeof code === 'number' ? code : -1, output: stdout + stderr });
    });
  });
}

/**
 * The `schemathesis` command in the pinned versions, from PyPI. It is installed once for each list of versions and kept
 * beside npm's caches; a half-made installation is never taken for a whole one.
 * @throws Error that says what is missing.
 */
export async function installSchemathesis(): Promise<string> {
  const versions = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const home = join(CACHE, versions);
  const command = join(home, 'bin/python');
  if (existsSync(command)) return command;
  mkdirSync(CACHE, { recursive: true });
  const making = `${home}-${process.pid}`;
  try {
    await must(run('python3', ['-m', 'venv', making], 300_000), 'python3 with its venv module');
    const args = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
    await must(run(join(making, 'bin/python'), args, 600_000), 'PyPI');
    if (!existsSync(home)) renameSync(making, home);
    return command;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function must(program: Promise<ProgramEnd>, needed: string): Promise<void> {
  const { exitCode, output } = await program;
  if (exitCode !== 0) throw new Error(`schemathesis cannot be installed; it needs ${needed}:\n${output}`);
}

/** What the answers are held against: the document, and that no server fails. */
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'unsupported_method',
];

export interface FuzzRun {
  /** Of the app whose `/openapi.json` says what to send. */
  readonly url: string;
  readonly path: string;
  /** Random requests, beside those that cover the schema systematically. */
  readonly randomCases: number;
}

/** Sends requests made from the document, valid and invalid ones, the same at each run. */
export function fuzz(python: string, { url, path, randomCases }: FuzzRun): Promise<ProgramEnd> {
  const args = ['-m', 'schemathesis.cli', 'run', `${url}/openapi.json`, '--include-path', path];
  const generation = ['--mode', 'all', '--phases', 'examples,coverage,fuzzing', '--seed', '1', '--no-shrink'];
  const limits = ['-n', String(randomCases), '--generation-database', 'none', '--continue-on-failure'];
  const checks = ['-c', CHECKS.join(','), '--no-color', '--warnings', 'off'];
  return run(python, [...args, ...generation, ...limits, ...checks], 480_000);
}

/** How many requests a run says it sent. */
export function casesOf({ output }: ProgramEnd): number {
  return Number(/(\d+) generated/.exec(output)?.[1] ?? Number.NaN);
}
