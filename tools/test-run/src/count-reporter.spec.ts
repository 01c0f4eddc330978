import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import CountReporter from './count-reporter.ts';
import { parseReport } from './counts.ts';

type Results = Parameters<CountReporter['onRunComplete']>[1];

const quiet: Results = {
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

const folder = mkdtempSync(join(tmpdir(), 'count-reporter-'));
const newRootDir = (): string => mkdtempSync(join(folder, 'run-'));

function reported(results: Partial<Results>, options?: { file: string }, rootDir = newRootDir()) {
  const reporter = new CountReporter({ rootDir }, options);
  reporter.onRunStart();
  reporter.onRunComplete(undefined, { ...quiet, ...results });
  return parseReport(readFileSync(join(rootDir, 'test-results', options?.file ?? 'counts.json'), 'utf8'));
}

describe('count reporter', () => {
  // The time that a real run has to end must not run out for the run that this spec is part of.
  beforeAll(() => void jest.useFakeTimers());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the passed and failed tests of a run', () => {
    expect(reported({ numPassedTests: 5, numFailedTests: 2 })).toMatchObject({ passed: 5, failed: 2 });
  });

  it('counts a spec file that could not run as one failure', () => {
    expect(reported({ numRuntimeErrorTestSuites: 1 })).toMatchObject({ passed: 0, failed: 1 });
  });

  it('counts a skipped test as a failure', () => {
    expect(reported({ numPassedTests: 1, numPendingTests: 1 })).toMatchObject({ passed: 1, failed: 1 });
  });

  it('names each test that failed, and each spec file that could not run, with what Jest says of it', () => {
    const rootDir = newRootDir();
    const test = { fullName: 'a sink stores', status: 'passed', failureMessages: [] };
    const failed = {
      ...test,
      status: 'failed',
      failureMessages: ['\u001b[31mexpected 1\u001b[39m', 'received 2'],
    };
    const testResults = [
      { testFilePath: join(rootDir, 'src/a.spec.ts'), testResults: [test, failed] },
      { testFilePath: join(rootDir, 'src/b.spec.ts'), testResults: [{ ...test, status: 'pending' }] },
      {
        testFilePath: join(rootDir, 'src/c.spec.ts'),
        testResults: [],
        testExecError: { message: 'no module' },
      },
    ];
    expect(reported({ testResults }, undefined, rootDir)?.failures).toEqual([
      { test: 'src/a.spec.ts › a sink stores', message: 'expected 1\nreceived 2' },
      { test: 'src/b.spec.ts › a sink stores', message: 'is pending' },
      { test: 'src/c.spec.ts', message: 'no module' },
    ]);
  });

  it('keeps the counts of unit and e2e specs apart', () => {
    expect(reported({ numPassedTests: 1 }, { file: 'e2e-counts.json' })).toMatchObject({
      passed: 1,
      failed: 0,
    });
  });

  it('removes the counts of the run before when a run starts', () => {
    const rootDir = newRootDir();
    new CountReporter({ rootDir }).onRunComplete(undefined, quiet);
    new CountReporter({ rootDir }).onRunStart();
    expect(() => readFileSync(join(rootDir, 'test-results/counts.json'))).toThrow('ENOENT');
  });
});
