import { describe, expect, it } from '@jest/globals';
import { Latencies } from './latencies.ts';

describe('Latencies', () => {
  it('knows the quantiles of what was added, to 50 µs', () => {
    const latencies = new Latencies();
    for (let n = 1; n <= 1_000; n++) latencies.add(n / 10);
    expect([0.5, 0.99, 1].map((part) => latencies.quantile(part))).toEqual([50, 99, 100]);
  });

  it('is 0 without any', () => {
    expect(new Latencies().quantile(0.5)).toBe(0);
  });
});
