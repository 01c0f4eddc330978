import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from '../processes/process-facts.ts';
import { projectFile } from '../project-paths.ts';
import { until } from '../until.ts';
import { type PartDefinition } from './part-definition.ts';
import { Part, type PartObserver } from './part.ts';

const END_WITH_PARENT = projectFile('guard', 'end-with-parent.js');
const READY_THEN_IDLE = 'console.log("ready"); setInterval(() => {}, 1000)';
const silent: PartObserver = { line: () => undefined, crashed: () => undefined };

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'part-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

function program(script: string, limits: Partial<PartDefinition> = {}): PartDefinition {
  return {
    name: 'program',
    startTimeoutMs: 20_000,
    stopGraceMs: 10_000,
    launch: () =>
      Promise.resolve({ command: process.execPath, args: ['--import', END_WITH_PARENT, '-e', script] }),
    isReady: (sawLine) => sawLine('ready'),
    ...limits,
  };
}

const files = { logFile: () => join(folder, 'program.log'), pidFile: () => join(folder, 'program.pid') };
const part = (definition: PartDefinition, observer = silent) => new Part(definition, files, observer);

describe('a part', () => {
  it('starts when it is ready, ends with its exit code, and starts again', async () => {
    const running = part(program(`process.on("SIGTERM", () => process.exit(7)); ${READY_THEN_IDLE}`));
    await running.start();
    expect(running.output).toEqual(['ready']);
    const firstPid = running.pid;
    expect(await running.stop()).toBe(7);
    expect(running.pid).toBeUndefined();
    await running.start();
    expect(running.pid).not.toBe(firstPid);
    await running.stop();
    expect(await readFile(running.logFile, 'utf8')).toBe('ready\nready\n');
  });

  it('is killed when it does not end in time, though it is frozen', async () => {
    const stubborn = part(
      program(`process.on("SIGTERM", () => {}); ${READY_THEN_IDLE}`, { stopGraceMs: 200 }),
    );
    await stubborn.start();
    stubborn.kill('SIGSTOP');
    expect(await stubborn.stop()).toBeNull();
  });

  it('fails its start with its last words when it ends before it is ready', async () => {
    const failing = part(program('console.error("no space left"); process.exit(3)'));
    await expect(failing.start()).rejects.toThrow(
      /^program ended before it was ready; its log is .*\n {2}no space left/,
    );
  });

  it('fails its start when it is not ready in time', async () => {
    const slow = part(program('setInterval(() => {}, 1000)', { startTimeoutMs: 300 }));
    await expect(slow.start()).rejects.toThrow('program was not ready within 0.3 s');
    await slow.stop();
  });

  it('is reported as crashed when it ends by itself, and not when it was asked or killed by us', async () => {
    const crashes: unknown[] = [];
    const observer = { ...silent, crashed: (_: Part, exit: unknown) => void crashes.push(exit) };
    const crashing = part(
      program(`process.on("SIGTERM", () => process.exit(9)); ${READY_THEN_IDLE}`),
      observer,
    );
    await crashing.start();
    process.kill(crashing.pid ?? 0, 'SIGTERM');
    await crashing.exited();
    expect(crashes).toEqual([{ code: 9, signal: null }]);
    await crashing.start();
    crashing.kill('SIGKILL');
    expect(await crashing.exited()).toEqual({ code: null, signal: 'SIGKILL' });
    expect(crashes).toHaveLength(1);
  });

  it('says that a program that is not there cannot be started', async () => {
    const absent = part(
      program('', { launch: () => Promise.resolve({ command: '/no/such/program', args: [] }) }),
    );
    await expect(absent.start()).rejects.toThrow(/ended before it was ready[^]*ENOENT/);
  });
});

/** A program that starts a child as the stack does and prints its process id. */
function parentScript(): string {
  const args = JSON.stringify(['--import', END_WITH_PARENT, '-e', READY_THEN_IDLE]);
  return `import { GuardedProcess } from '${projectFile('src', 'processes', 'guarded-process.ts')}';
    const child = new GuardedProcess({ command: process.execPath, args: ${args}, onLine: () => console.log(String(child.pid)) });`;
}

describe('what a killed process leaves behind', () => {
  // The guard steps in after 5 s: a child that is not frozen ends by itself, before that.
  it.each([
    ['SIGCONT', 4_500],
    ['SIGSTOP', 15_000],
  ] as const)(
    'is nothing: its child ends, also one that got %s, within %d ms',
    async (state, timeoutMs) => {
      const parent = spawn(process.execPath, ['--input-type=module', '-e', parentScript()], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [printed] = (await once(parent.stdout, 'data')) as [Buffer];
      const childPid = Number(printed.toString());
      process.kill(childPid, state);
      parent.kill('SIGKILL');
      const gone = async () => (await processIdentity(childPid)) === undefined;
      expect(await until(gone, { timeoutMs })).toBe(true);
    },
    20_000,
  );
});
