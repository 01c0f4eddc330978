import { describe, expect, it } from '@jest/globals';
import { type Report } from './counts.ts';
import { type TaskOutcome } from './nx-run-file.ts';
import { checkLine, render, suiteLine } from './totals.ts';

const ended = (succeeded: boolean): TaskOutcome => ({ project: 'app', target: 'test', succeeded });
const reported = (passed: number, failed = 0): Report => ({ passed, failed, failures: [] });
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1);

describe('totals', () => {
  it('ends with the sum over all suites and failed checks, alone on the last line', () => {
    const lines = [
      suiteLine('app:test', ended(true), reported(7)),
      suiteLine('lib:test', ended(false), reported(2, 3)),
      ...checkLine('app:lint', { succeeded: false }),
      ...checkLine('lib:lint', { succeeded: true }),
    ];
    expect(lastLine(render(lines))).toBe('9 passed, 4 failed');
  });

  it('names each failed test before the table, with the start of what Jest says of it', () => {
    const message = Array.from({ length: 40 }, (_, line) => `line ${line}`).join('\n');
    const failures = [{ test: 'src/a.spec.ts › a sink stores', message }];
    const text = render([suiteLine('app:test', ended(false), { passed: 2, failed: 1, failures })]);
    expect(text).toMatch(/^ {2}FAILED app:test src\/a\.spec\.ts › a sink stores\n {4}line 0\n {4}line 1\n/);
    expect(text).not.toContain('line 12');
    expect(lastLine(text)).toBe('2 passed, 1 failed');
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
    expect(suiteLine('app:test', undefined, reported(5))).toMatchObject({
      failed: 1,
      reason: 'did not run',
    });
  });

  it('counts a suite without any test as failed', () => {
    expect(suiteLine('app:test', ended(true), reported(0))).toMatchObject({
      failed: 1,
      reason: 'ran no test',
    });
  });

  it('counts a run that fails although all its tests passed', () => {
    expect(suiteLine('app:test', ended(false), reported(5))).toMatchObject({
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
