import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { processIdentity } from '../processes/process-facts.ts';
import { WORKSPACE } from '../project-paths.ts';
import { until } from '../until.ts';

const STAND_IN = fileURLToPath(new URL('../../testing/npm-script.fixture.ts', import.meta.url));
const SLOW_MACHINE_MS = 60_000;

describe('what `npm start` runs', () => {
  let folder: string;
  let npm: ChildProcess;
  let script: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'npm-script-'));
    const { scripts } = JSON.parse(readFileSync(join(WORKSPACE, 'package.json'), 'utf8')) as {
      scripts: { start: string };
    };
    const start = scripts.start.replace('tools/local-stack/bin/start.ts', `${STAND_IN} ${stopped()}`);
    await writeFile(join(folder, 'package.json'), JSON.stringify({ scripts: { start } }));
  });
  afterEach(async () => {
    for (const pid of [npm.pid, script])
      if (pid !== undefined && (await runs(pid))) process.kill(pid, 'SIGKILL');
    await rm(folder, { recursive: true });
  });

  const stopped = () => join(folder, 'stopped');
  const runs = async (pid: number) => (await processIdentity(pid)) !== undefined;

  /** Resolves when the script runs. As in the background of a shell: no terminal, no standard input. */
  async function startNpm(): Promise<void> {
    npm = spawn('npm', ['start', '--silent'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    script = await new Promise<number>((resolve, reject) => {
      createInterface({ input: npm.stdout as NonNullable<typeof npm.stdout> }).on('line', (line) =>
        resolve(Number(/^started (\d+)$/.exec(line)?.[1])),
      );
      npm.once('exit', () => reject(new Error('npm ended')));
    });
  }

  const ended = () => until(async () => !(await runs(script)), { timeoutMs: SLOW_MACHINE_MS / 2 });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)(
    'stops in order when npm gets %s',
    async (signal) => {
      await startNpm();
      npm.kill(signal);
      expect(await ended()).toBe(true);
      expect(readFileSync(stopped(), 'utf8')).toBe('once');
    },
    SLOW_MACHINE_MS,
  );

  it.each(['SIGINT', 'SIGHUP'] as const)(
    'stops in order when the terminal sends %s to both',
    async (signal) => {
      await startNpm();
      process.kill(-(npm.pid as number), signal);
      expect(await ended()).toBe(true);
      expect(readFileSync(stopped(), 'utf8')).toBe('once');
    },
    SLOW_MACHINE_MS,
  );

  it(
    'runs on while npm does, without a terminal and with its standard input closed',
    async () => {
      await startNpm();
      // Longer than it takes to notice that npm has ended.
      expect(await until(() => existsSync(stopped()), { timeoutMs: 1_500 })).toBe(false);
      expect(await runs(script)).toBe(true);
    },
    SLOW_MACHINE_MS,
  );
});
