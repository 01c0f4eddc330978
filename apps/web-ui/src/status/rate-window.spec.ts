import { describe, expect, it } from '@jest/globals';
import { RateWindow } from './rate-window.ts';

const windowOf = (...samples: readonly (readonly [seconds: number, total: number])[]) => {
  const rates = new RateWindow();
  for (const [seconds, total] of samples) rates.add(total, seconds * 1_000);
  return rates;
};

describe('the rate of the last minute', () => {
  it('is not told before there is something to tell', () => {
    expect(windowOf().perMinute()).toBeUndefined();
    expect(windowOf([0, 5]).perMinute()).toBeUndefined();
    expect(windowOf([0, 5], [3, 9]).perMinute()).toBeUndefined();
  });

  it('is what was counted, stretched to a minute while less has passed', () => {
    expect(windowOf([0, 100], [30, 150]).perMinute()).toBe(100);
  });

  it('forgets what is more than a minute ago', () => {
    const rates = new RateWindow();
    for (let second = 0; second <= 300; second += 3)
      rates.add(second < 200 ? second * 100 : 20_000, second * 1_000);
    expect(rates.perMinute()).toBe(0);
  });

  it('begins anew when the counting does', () => {
    expect(windowOf([0, 1_000], [10, 2_000], [20, 5], [30, 10]).perMinute()).toBe(30);
  });
});
