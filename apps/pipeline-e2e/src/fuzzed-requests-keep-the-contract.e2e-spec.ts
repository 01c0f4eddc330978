import { startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { casesOf, fuzz, installSchemathesis } from './support/schemathesis.ts';

/** Takes under one minute where nothing else runs; installing it takes another, once. */
const PATIENCE_MS = 600_000;

describe('the collector', () => {
  let stack: LocalStack;
  let python: string;
  beforeAll(async () => {
    python = await installSchemathesis();
    stack = await startPipeline({ servers: ['kafka'], apps: ['collector-api'] });
  }, PATIENCE_MS);
  afterAll(() => stack?.stop());

  it(
    'answers two thousand requests made from its document, wrong ones too, without a 5xx and only as documented',
    async () => {
      const { url } = stack.app('collector-api');
      const runs = await Promise.all([
        fuzz(python, { url, path: '/v1/events', randomCases: 700 }),
        fuzz(python, { url, path: '/v1/events/pixel.gif', randomCases: 700 }),
        ...['/livez', '/readyz', '/metrics'].map((path) => fuzz(python, { url, path, randomCases: 1 })),
      ]);
      for (const { exitCode, output } of runs) expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
      expect(runs.map(casesOf).reduce((sum, cases) => sum + cases)).toBeGreaterThanOrEqual(2_000);
      expect((await fetch(`${url}/readyz`)).status).toBe(200);
    },
    PATIENCE_MS,
  );
});
