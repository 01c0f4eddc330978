import { describe, expect, it } from '@jest/globals';
import { DeadLetterBreaker } from './dead-letter-breaker.ts';

const LIMITS = { maxSharePercent: 50, windowRecords: 1_000, minRecords: 100 };
const breaker = (memo?: string) => new DeadLetterBreaker(LIMITS, memo);

describe('DeadLetterBreaker', () => {
  it.each([
    ['one bad record alone', 1, 1, true],
    ['99 bad records and nothing else', 99, 99, true],
    ['100 bad records and nothing else', 100, 100, false],
    ['half of many', 5_000, 2_500, true],
    ['more than half of many', 5_000, 2_501, false],
  ])('judges %s', (_what, records, refused, allowed) => {
    expect(breaker().allows({ records, refused })).toBe(allowed);
  });

  it('adds up small flushes', () => {
    const small = breaker();
    const verdicts = Array.from({ length: 11 }, () => small.allows({ records: 10, refused: 10 }));
    expect(verdicts.lastIndexOf(true)).toBe(8);
  });

  it('forgets what lies before its window', () => {
    const sliding = breaker();
    sliding.allows({ records: 150, refused: 90 });
    for (let flush = 0; flush < 10; flush++) sliding.allows({ records: 100, refused: 0 });
    expect(sliding.share).toBe(0);
    expect(sliding.allows({ records: 90, refused: 90 })).toBe(true);
  });

  it('does not count what it stopped, and lets a flush without bad records pass', () => {
    const stopped = breaker();
    stopped.allows({ records: 80, refused: 80 });
    expect(stopped.allows({ records: 80, refused: 80 })).toBe(false);
    expect(stopped.memo).toBe('dlq=80/80');
    expect(stopped.allows({ records: 10, refused: 0 })).toBe(true);
  });

  it('goes on where a commit left it, so that restarts do not move a new window each time', () => {
    const first = breaker();
    first.allows({ records: 80, refused: 80 });
    expect(breaker(first.memo).allows({ records: 80, refused: 80 })).toBe(false);
  });

  it('starts empty after a commit of something else', () => {
    expect(breaker('by hand').memo).toBe('dlq=0/0');
  });

  it('never stops at 100 percent', () => {
    const off = new DeadLetterBreaker({ ...LIMITS, maxSharePercent: 100 });
    expect(off.allows({ records: 9_999, refused: 9_999 })).toBe(true);
  });
});
