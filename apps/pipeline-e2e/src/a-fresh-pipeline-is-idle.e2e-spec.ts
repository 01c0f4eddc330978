import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wakeUps } from './support/wake-ups.ts';

const TOPICS_COMMAND = join(import.meta.dirname, '../../../tools/topics/dist/main.js');
const WINDOW_S = 15;
const CONSUMERS = ['hdfs-sink', 'es-sink', 'web-ui'];

describe('a fresh pipeline', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline();
  });
  afterAll(() => stack?.stop());

  it('has every topic as it is defined', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [TOPICS_COMMAND, 'diff'], {
      env: { ...stack.environment },
    });
    expect(stdout).toMatch(/^all topics are as defined \(\d+\)\n$/);
  });

  // What a wake-up costs is the machine's; how many there are is ours. A timer loop would show as a thousand.
  it('wakes up each idle consumer less than forty times a second', async () => {
    const counts = () => Promise.all(CONSUMERS.map((name) => wakeUps(stack.app(name).pid ?? 0)));
    const before = await counts();
    await pause(WINDOW_S * 1_000);
    const after = await counts();
    const perSecond = after.map((count, index) => (count - before[index]!) / WINDOW_S);
    expect(perSecond.filter((rate) => rate >= 40)).toEqual([]);
    expect(perSecond.every((rate) => rate > 0)).toBe(true);
  });
});
