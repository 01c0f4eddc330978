import { describe, expect, it } from '@jest/globals';
import { type TaskOutcome } from './nx-run-file.ts';
import { checkLine, render, suiteLine } from './totals.ts';

const ended = (succeeded: boolean): TaskOutcome => ({ project: 'app', target: 'test', succeeded });
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('totals', () => {
  it('ends with the sum over all suites and failed checks, alone on the last line', () => {
    const lines = [
      suiteLine('app:test', ended(true), { passed: 7, failed: 0 }),
      suiteLine('lib:test', ended(false), { passed: 2, failed: 3 }),
      ...checkLine('app:lint', { succeeded: false }),
      ...checkLine('lib:lint', { succeeded: true }),
    ];
    expect(lastLine(render(lines))).toBe('9 passed, 4 failed');
  });

  it('counts a suite that crashed before it reported as failed', () => {
    expect(suiteLine('app:test', ended(false), undefined)).toMatchObject({
      failed: 1,
      reason: 'ended without a report',
    });
  });

  it('does not believe a suite that succeeded without a report', () => {
    expect(suiteLine('app:test', ended(true), undefined).failed).toBe(1);
  });

  it('counts a suite that was never started as failed', () => {
    expect(suiteLine('app:test', undefined, { passed: 5, failed: 0 })).toMatchObject({
      failed: 1,
      reason: 'did not run',
    });
  });

  it('counts a suite without any test as failed', () => {
    expect(suiteLine('app:test', ended(true), { passed: 0, failed: 0 })).toMatchObject({
      failed: 1,
      reason: 'ran no test',
    });
  });

  it('counts a run that fails although all its tests passed', () => {
    expect(suiteLine('app:test', ended(false), { passed: 5, failed: 0 })).toMatchObject({
      passed: 5,
      failed: 1,
    });
  });

  it('counts a check that never ran as failed', () => {
    expect(checkLine('app:build', undefined)).toEqual([
      { name: 'app:build', passed: 0, failed: 1, reason: 'did not run' },
    ]);
  });

  it('names each failed part with its reason', () => {
    expect(render(checkLine('app:build', { succeeded: false }))).toMatch(
      /app:build\s+0 passed\s+1 failed\s+\(failed\)/,
    );
  });
});
