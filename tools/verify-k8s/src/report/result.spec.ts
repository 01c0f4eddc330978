import { describe, expect, it } from '@jest/globals';
import { type CheckResult, resultLines, summaryLines } from './result.ts';
import { seconds } from './text.ts';

const holds: CheckResult = { overlay: 'local', title: 'pods run', ms: 1_234, seen: '3 pods' };
const broken: CheckResult = { ...holds, seen: '', failure: 'no pod runs' };

describe('the report', () => {
  it('says of a check whether it holds, how long it took, and what was seen', () => {
    expect(resultLines(holds)).toEqual(['holds   local       pods run  1.2 s', '        3 pods']);
    expect(resultLines(broken)).toEqual(['BROKEN  local       pods run  1.2 s', '        no pod runs']);
  });

  it('ends with the versions and the numbers', () => {
    const lines = summaryLines({ results: [holds, broken, holds], versions: 'A 1, B 2', totalMs: 125_000 });
    expect(lines).toEqual(['', 'A 1, B 2', '2 hold, 1 broken, 2 min 5 s']);
  });

  it.each([
    [940, '0.9 s'],
    [9_949, '9.9 s'],
    [9_950, '10 s'],
    [119_400, '119 s'],
    [3_600_000, '60 min 0 s'],
  ])('shows %i ms as %s', (ms, text) => {
    expect(seconds(ms)).toBe(text);
  });
});
