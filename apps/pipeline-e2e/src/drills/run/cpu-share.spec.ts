import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@pipeline/testing';
import { cpuSeconds } from '../../support/cpu-seconds.ts';
import { CpuShare } from './cpu-share.ts';

const BUSY = 'for (;;);';

describe('CpuShare', () => {
  let busy: ChildProcess;

  beforeEach(async () => {
    busy = spawn(process.execPath, ['--eval', BUSY], { stdio: 'ignore' });
    await once(busy, 'spawn');
  });

  afterEach(() => void busy.kill('SIGKILL'));

  const hasUsed = (seconds: number) =>
    eventually(async () => expect(await cpuSeconds(busy.pid!)).toBeGreaterThanOrEqual(seconds), {
      timeoutMs: 60_000,
    });

  it('holds a process to its share, and lets it go', async () => {
    const share = new CpuShare(busy.pid!, 0.1);
    const [usedBefore, startedMs] = [await cpuSeconds(busy.pid!), performance.now()];
    await hasUsed(usedBefore + 0.2);
    // Two seconds, less what a look may be late; a busy machine only makes it longer.
    expect(performance.now() - startedMs).toBeGreaterThan(1_000);
    await share.lift();
    await hasUsed(usedBefore + 0.4);
  }, 130_000);

  it('ends with the process', async () => {
    const share = new CpuShare(busy.pid!, 0.1);
    busy.kill('SIGKILL');
    await once(busy, 'exit');
    await share.lift();
  });
});
