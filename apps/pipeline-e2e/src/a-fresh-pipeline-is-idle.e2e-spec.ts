import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MOST_IDLE_WAKE_UPS_PER_SECOND, wakeUpRates } from './support/wake-ups.ts';

const TOPICS_COMMAND = join(import.meta.dirname, '../../../tools/topics/dist/main.js');
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

  it('wakes up each idle consumer less than forty times a second', async () => {
    for (const rate of await wakeUpRates(CONSUMERS.map((name) => stack.app(name)))) {
      expect(rate).toBeLessThan(MOST_IDLE_WAKE_UPS_PER_SECOND);
      // One that spins never sleeps.
      expect(rate).toBeGreaterThan(0);
    }
  });
});
