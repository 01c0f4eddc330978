import { describe, expect, it } from '@jest/globals';
import { DeadLetterBreaker, type Judged } from './dead-letter-breaker.ts';

const LIMITS = { maxSharePercent: 50, windowRecords: 1_000, minRecords: 100 };
const breaker = (memo?: string) => new DeadLetterBreaker(LIMITS, memo);

const positions = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const good = (records: number): Judged => ({ records, refusedAt: [] });
const bad = (records: number): Judged => ({ records, refusedAt: positions(0, records) });

describe('DeadLetterBreaker', () => {
  it.each<[string, Judged, boolean]>([
    ['one bad record alone', bad(1), true],
    ['99 bad records and nothing else', bad(99), true],
    ['100 bad records and nothing else', bad(100), false],
    [
      'every second one of many',
      { records: 5_000, refusedAt: positions(0, 2_500).map((i) => 2 * i + 1) },
      true,
    ],
    [
      'two of three of many',
      { records: 3_000, refusedAt: positions(0, 3_000).filter((i) => i % 3 > 0) },
      false,
    ],
  ])('judges %s', (_what, judged, allowed) => {
    expect(breaker().allows(judged)).toBe(allowed);
  });

  it('sees a run of bad records however many good ones share their flush', () => {
    const flush = { records: 100_000, refusedAt: positions(50_000, 50_501) };
    expect(breaker().allows(flush)).toBe(false);
    expect(breaker().allows({ ...flush, refusedAt: positions(50_000, 50_500) })).toBe(true);
  });

  it('adds up small flushes', () => {
    const small = breaker();
    const verdicts = Array.from({ length: 11 }, () => small.allows(bad(10)));
    expect(verdicts.lastIndexOf(true)).toBe(8);
  });

  it('forgets what lies before its window', () => {
    const sliding = breaker();
    sliding.allows(good(60));
    sliding.allows(bad(90));
    for (let flush = 0; flush < 10; flush++) sliding.allows(good(100));
    expect(sliding.share).toBe(0);
    expect(sliding.allows(bad(90))).toBe(true);
  });

  it('does not count what it stopped, and lets a flush without bad records pass', () => {
    const stopped = breaker();
    stopped.allows(bad(80));
    expect(stopped.allows(bad(80))).toBe(false);
    expect(stopped.memo).toBe('dlq=80/80');
    expect(stopped.allows(good(10))).toBe(true);
    expect(stopped.memo).toBe('dlq=80/90');
  });

  it('goes on where a commit left it, so that restarts do not move a new window each time', () => {
    const first = breaker();
    first.allows(bad(80));
    expect(breaker(first.memo).memo).toBe(first.memo);
    expect(breaker(first.memo).allows(bad(80))).toBe(false);
  });

  it('takes the refused records of a window that was set larger before for its latest', () => {
    expect(breaker('dlq=400/4000').memo).toBe('dlq=400/1000');
  });

  it('starts empty after a commit of something else', () => {
    expect(breaker('by hand').memo).toBe('dlq=0/0');
  });

  it('never stops at 100 percent', () => {
    const off = new DeadLetterBreaker({ ...LIMITS, maxSharePercent: 100 });
    expect(off.allows(bad(9_999))).toBe(true);
  });
});
