import { describe, expect, it } from '@jest/globals';
import { IndexName, isInWindow } from './index-name.ts';

describe('the index of an event', () => {
  const name = new IndexName('select-color');

  it.each([
    ['2026-11-22T00:00:00.000Z', 'select-color-2026.11.22'],
    ['2026-11-22T23:59:59.999Z', 'select-color-2026.11.22'],
    ['2026-11-23T00:00:00.000Z', 'select-color-2026.11.23'],
    ['2028-02-29T12:00:00.000Z', 'select-color-2028.02.29'],
    ['2027-01-01T00:30:00.000+01:00', 'select-color-2026.12.31'],
    ['2026-12-31T23:30:00.000-01:00', 'select-color-2027.01.01'],
    ['1969-12-31T23:59:59.999Z', 'select-color-1969.12.31'],
  ])('is named by the UTC day: %s is in %s', (instant, index) => {
    expect(name.of(Date.parse(instant))).toBe(index);
  });
});

describe('the window of event times', () => {
  const appended = Date.parse('2026-11-22T12:00:00.000Z');
  const window = { maxAgeMs: 1_000, maxLeadMs: 100 };

  it.each([
    [-1_001, false],
    [-1_000, true],
    [0, true],
    [100, true],
    [101, false],
  ])('holds an event %i ms from its record: %s', (distance, held) => {
    expect(isInWindow(appended + distance, appended, window)).toBe(held);
  });
});
