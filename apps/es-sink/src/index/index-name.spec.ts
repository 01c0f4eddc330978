import { describe, expect, it } from '@jest/globals';
import { IndexName, isUndated } from './index-name.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const APPENDED = Date.parse('2026-11-22T12:00:00.000Z');
const UNDATED = 'select-color-2099.12.31';
const name = new IndexName('select-color', { maxAgeMs: 38 * DAY_MS, maxLeadMs: 10 * DAY_MS });

describe('the index of an event', () => {
  it.each([
    ['2026-11-22T00:00:00.000Z', 'select-color-2026.11.22'],
    ['2026-11-22T23:59:59.999Z', 'select-color-2026.11.22'],
    ['2026-11-23T00:00:00.000Z', 'select-color-2026.11.23'],
    ['2026-11-23T00:30:00.000+01:00', 'select-color-2026.11.22'],
    ['2026-11-21T23:30:00.000-01:00', 'select-color-2026.11.22'],
  ])('is named by the UTC day of its time: %s is in %s', (instant, index) => {
    expect(name.of(Date.parse(instant), APPENDED)).toEqual({ index });
  });

  it('is one for all events without a time', () => {
    expect(name.of(undefined, APPENDED)).toEqual({ index: UNDATED });
    expect(isUndated(UNDATED)).toBe(true);
    expect(isUndated('select-color-2026.11.22')).toBe(false);
  });

  it('does not depend on when a record was appended, within what copies of an event are apart', () => {
    for (let days = -2; days <= 30; days += 1) {
      expect(name.of(APPENDED, APPENDED + days * DAY_MS)).toEqual({ index: 'select-color-2026.11.22' });
    }
  });

  it.each([
    [30 * DAY_MS, 'select-color-2026.10.23', undefined],
    [30 * DAY_MS + 1, 'select-color-2026.10.23', UNDATED],
    [38 * DAY_MS, 'select-color-2026.10.15', UNDATED],
    [38 * DAY_MS + 1, UNDATED, 'select-color-2026.10.15'],
    [APPENDED, UNDATED, undefined],
    [APPENDED - Date.UTC(2001, 0, 1), UNDATED, 'select-color-2001.01.01'],
    [-2 * DAY_MS, 'select-color-2026.11.24', undefined],
    [-2 * DAY_MS - 1, 'select-color-2026.11.24', UNDATED],
    [-10 * DAY_MS, 'select-color-2026.12.02', UNDATED],
    [-10 * DAY_MS - 1, UNDATED, 'select-color-2026.12.02'],
    [APPENDED - Date.UTC(2099, 11, 31), UNDATED, undefined],
    [APPENDED - 2 ** 48, UNDATED, undefined],
  ])('of an age of %i ms is %s, and a copy may lie in %s', (ageMs, index, otherIndex) => {
    expect(name.of(APPENDED - ageMs, APPENDED)).toEqual({ index, ...(otherIndex && { otherIndex }) });
  });

  it('is one of a bounded number, whatever days are claimed', () => {
    const claimed = Array.from({ length: 20_000 }, (_, n) => APPENDED + 10_000 * DAY_MS - n * DAY_MS);
    const indices = new Set(claimed.map((ms) => name.of(ms, APPENDED).index));
    expect(indices.size).toBe(38 + 10 + 1 + 1);
  });
});
