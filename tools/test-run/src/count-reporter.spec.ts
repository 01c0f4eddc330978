import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import CountReporter from './count-reporter.ts';
import { parseCounts } from './counts.ts';

const quiet = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 0 };

const folder = mkdtempSync(join(tmpdir(), 'count-reporter-'));
const newRootDir = (): string => mkdtempSync(join(folder, 'run-'));

function reported(results: Partial<typeof quiet>, options?: { file: string }) {
  const rootDir = newRootDir();
  const reporter = new CountReporter({ rootDir }, options);
  reporter.onRunStart();
  reporter.onRunComplete(undefined, { ...quiet, ...results });
  return parseCounts(readFileSync(join(rootDir, 'test-results', options?.file ?? 'counts.json'), 'utf8'));
}

describe('count reporter', () => {
  // The time that a real run has to end must not run out for the run that this spec is part of.
  beforeAll(() => void jest.useFakeTimers());
  afterAll(() => rmSync(folder, { recursive: true }));

  it('writes the passed and failed tests of a run', () => {
    expect(reported({ numPassedTests: 5, numFailedTests: 2 })).toEqual({ passed: 5, failed: 2 });
  });

  it('counts a spec file that could not run as one failure', () => {
    expect(reported({ numRuntimeErrorTestSuites: 1 })).toEqual({ passed: 0, failed: 1 });
  });

  it('counts a skipped test as a failure', () => {
    expect(reported({ numPassedTests: 1, numPendingTests: 1 })).toEqual({ passed: 1, failed: 1 });
  });

  it('keeps the counts of unit and e2e specs apart', () => {
    expect(reported({ numPassedTests: 1 }, { file: 'e2e-counts.json' })).toEqual({ passed: 1, failed: 0 });
  });

  it('removes the counts of the run before when a run starts', () => {
    const rootDir = newRootDir();
    new CountReporter({ rootDir }).onRunComplete(undefined, quiet);
    new CountReporter({ rootDir }).onRunStart();
    expect(() => readFileSync(join(rootDir, 'test-results/counts.json'))).toThrow('ENOENT');
  });
});
