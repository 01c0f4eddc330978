import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpuSeconds } from './support/cpu-seconds.ts';

const TOPICS_COMMAND = join(import.meta.dirname, '../../../tools/topics/dist/main.js');
const WINDOWS = 8;
const WINDOW_MS = 6_000;
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

  it('uses less than one percent of a core in each idle consumer', async () => {
    const used = () => Promise.all(CONSUMERS.map((name) => cpuSeconds(stack.app(name).pid ?? 0)));
    const percents = CONSUMERS.map(() => Infinity);
    // The start still compiles and collects garbage, and other programs cost us caches: the quietest window counts.
    for (let window = 0; window < WINDOWS; window++) {
      const before = await used();
      await pause(WINDOW_MS);
      const after = await used();
      after.forEach((seconds, index) => {
        const percent = ((seconds - (before[index] ?? 0)) / WINDOW_MS) * 1_000 * 100;
        percents[index] = Math.min(percents[index] ?? Infinity, percent);
      });
    }
    expect(percents.filter((percent) => percent >= 1)).toEqual([]);
  });
});
