import { describe, expect, it } from '@jest/globals';
import { buckets, metricSum, quantileBetween } from './metrics.ts';

const text = (...counts: number[]) =>
  ['0.1', '1', '+Inf'].map((le, i) => `lag_seconds_bucket{le="${le}",topic="t"} ${counts[i]}`).join('\n');

describe('the metrics of an app', () => {
  it('are summed over their labels', () => {
    const sample = 'halted{partition="0"} 1\nhalted{partition="1"} 1\nhalted_other 7\n';
    expect(metricSum(sample, 'halted')).toBe(2);
    expect(metricSum(sample, 'absent')).toBe(0);
  });

  it('give the quantile of what was observed between two looks', () => {
    const before = buckets(text(100, 100, 100), 'lag_seconds');
    expect(quantileBetween(before, buckets(text(150, 190, 200), 'lag_seconds'), 0.5)).toBe(0.1);
    expect(quantileBetween(before, buckets(text(150, 190, 200), 'lag_seconds'), 0.9)).toBe(1);
    expect(quantileBetween(before, buckets(text(150, 190, 200), 'lag_seconds'), 0.99)).toBe(Infinity);
    expect(quantileBetween(before, before, 0.5)).toBe(0);
  });
});
