import { describe, expect, it } from '@jest/globals';
import { correctedTime, MAX_AGE_MS } from './stamp-event.ts';

const received = Date.UTC(2026, 10, 22, 10);
const YEAR_MS = 365 * 24 * 60 * 60 * 1_000;
const MINUTE_MS = 60_000;

describe('correctedTime', () => {
  it.each<[string, number, number | undefined, number]>([
    ['a right clock, sent at once', received, received, received],
    ['a right clock without sent_at', received - 5_000, undefined, received - 5_000],
    [
      'a clock that is an hour ahead',
      received + 60 * MINUTE_MS - 2_000,
      received + 60 * MINUTE_MS,
      received - 2_000,
    ],
    [
      'a clock that is three days behind',
      received - 3 * 1_440 * MINUTE_MS - 2_000,
      received - 3 * 1_440 * MINUTE_MS,
      received - 2_000,
    ],
    [
      'an event kept offline for two days',
      received - 2 * 1_440 * MINUTE_MS,
      received,
      received - 2 * 1_440 * MINUTE_MS,
    ],
    ['an event kept offline for a month', received - 30 * 1_440 * MINUTE_MS, received, received - MAX_AGE_MS],
    ['a time in the future without sent_at', received + 1, undefined, received],
    ['the year 9999', Date.UTC(9999, 11, 31), undefined, received],
    ['the year 1', -62_135_596_800_000, undefined, received - MAX_AGE_MS],
    ['a page that says it sent before it happened', received, received - 10_000, received],
    ['exactly seven days', received - MAX_AGE_MS, undefined, received - MAX_AGE_MS],
    ['one millisecond more than seven days', received - MAX_AGE_MS - 1, undefined, received - MAX_AGE_MS],
  ])('puts %s where it belongs', (_what, occurredMs, sentMs, expected) => {
    expect(correctedTime({ occurredMs, sentMs, receivedMs: received })).toBe(expected);
  });

  it('undoes any skew of ten years either way, to the millisecond', () => {
    for (let skew = -10 * YEAR_MS; skew <= 10 * YEAR_MS; skew += YEAR_MS / 7 + 1) {
      const skewMs = Math.round(skew);
      for (const ageMs of [0, 1, 999, 3_600_000, MAX_AGE_MS]) {
        const clocks = {
          occurredMs: received + skewMs - ageMs,
          sentMs: received + skewMs,
          receivedMs: received,
        };
        expect(correctedTime(clocks)).toBe(received - ageMs);
      }
    }
  });
});
