import { describe, expect, it } from '@jest/globals';
import { figureLine, holds, type Figure } from './figure.ts';
import { percentiles } from './percentiles.ts';

describe('percentiles', () => {
  it('are samples that were seen, by nearest rank', () => {
    const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
    expect(percentiles(samples)).toEqual({ samples: 200, p50: 100, p95: 190, p99: 198, max: 200 });
    expect(percentiles([7])).toEqual({ samples: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('are not made up where nothing was measured', () => {
    expect(() => percentiles([])).toThrow(RangeError);
  });
});

describe('a figure', () => {
  const figure: Figure = { name: 'click', measured: 1_200, budget: 1_200, unit: 'ms', note: 'n 3' };

  it('holds up to its budget, and says so', () => {
    expect(holds(figure)).toBe(true);
    expect(figureLine(figure)).toMatch(/^ok .*click .*1,200 ms\s+≤ 1,200 ms\s+n 3$/);
  });

  it('is missed above it', () => {
    const missed = { ...figure, measured: 1_201 };
    expect(holds(missed)).toBe(false);
    expect(figureLine(missed)).toMatch(/^MISSED/);
  });
});
