import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { processIdentity, residentBytes } from '../processes/process-facts.ts';
import { acquireLock, liveHolder } from './process-lock.ts';
import { resetState, StateFolder } from './state-folder.ts';

let folder = '';
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), 'process-lock-'))));
afterAll(() => rm(folder, { recursive: true, force: true }));

async function endedProcess(): Promise<{ pid: number; identity: string | undefined }> {
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const pid = child.pid ?? 0;
  const identity = await processIdentity(pid);
  child.kill('SIGKILL');
  await once(child, 'close');
  return { pid, identity };
}

/** Lets this many turns of the event loop pass, so that contenders meet in every state of the others. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

describe('a lock that a process holds', () => {
  it('is had by one at a time and can be had again after its release', async () => {
    const path = join(folder, 'one');
    const lock = await acquireLock(path, { waitMs: 0 });
    await expect(acquireLock(path, { waitMs: 0 })).rejects.toMatchObject({ code: 'already-running' });
    await lock.release();
    await (await acquireLock(path, { waitMs: 0 })).release();
  });

  it('is had by exactly one of many that take over from a process that was killed', async () => {
    const dead = JSON.stringify(await endedProcess());
    for (let round = 0; round < 50; round++) {
      const path = join(folder, `killed-${round}`);
      await writeFile(path, dead);
      const contenders = Array.from({ length: 8 }, async (_, index) => {
        await turns(index);
        return acquireLock(path, { waitMs: 0 });
      });
      const results = await Promise.allSettled(contenders);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await liveHolder(path))?.pid).toBe(process.pid);
    }
  });

  it('is not held by a later process with the same id', async () => {
    const path = join(folder, 'reused');
    await writeFile(path, JSON.stringify({ pid: process.pid, identity: 'started at another time' }));
    expect(await liveHolder(path)).toBeUndefined();
  });
});

describe('the state of a stack', () => {
  it('is used by one stack at a time, whatever the number of its brokers', async () => {
    const root = join(folder, 'state');
    const lock = await new StateFolder(root, 1).lock();
    await expect(new StateFolder(root, 3).lock()).rejects.toThrow(
      `A stack already runs on ${root} (process ${process.pid}): stop it with Ctrl-C in its terminal first.`,
    );
    await lock.release();
  });

  it('is not wiped while a stack uses it', async () => {
    const root = join(folder, 'wiped');
    const stateFolder = new StateFolder(root, 1);
    const lock = await stateFolder.lock();
    await mkdir(join(stateFolder.state, 'kafka-1'), { recursive: true });
    await expect(resetState(root)).rejects.toMatchObject({ code: 'already-running' });
    await lock.release();
    expect(await resetState(root)).toBe(`All state is gone: ${root} was removed.`);
    await expect(readFile(stateFolder.state)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await resetState(root)).toMatch(/^There is no state/);
  });
});

describe('the facts of a process', () => {
  it('tell its memory and that it has ended', async () => {
    expect(await residentBytes([process.pid])).toBeGreaterThan(10 * 1_024 * 1_024);
    const { pid, identity } = await endedProcess();
    expect(identity).toBeDefined();
    expect(await processIdentity(pid)).toBeUndefined();
    expect(await residentBytes([pid])).toBe(0);
  });
});
