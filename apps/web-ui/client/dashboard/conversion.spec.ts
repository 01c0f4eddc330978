import { describe, expect, it } from '@jest/globals';
import { conversion } from './conversion.ts';

const counts = (change: object) => ({
  all: 4_500,
  saw: 4_012,
  converted: 354,
  compared: 4_500,
  unnamedEvents: 0,
  ...change,
});

describe('the conversion', () => {
  it('is the visitors who saw and picked of those who saw, exactly where all were compared', () => {
    const { share, error } = conversion(counts({}))!;
    expect([Math.round(share * 1_000), error]).toEqual([88, 0]);
  });

  it('is not known while nobody saw a page, however many picked', () => {
    expect(conversion(counts({ all: 5, saw: 0, converted: 0, compared: 5 }))).toBeUndefined();
  });

  it('says how far it may be off where a sample of the visitors was compared', () => {
    const { share, error } = conversion(
      counts({ all: 1_000_000, saw: 1_000_000, converted: 100_000, compared: 20_000 }),
    )!;
    expect(share).toBe(0.1);
    expect(error).toBeCloseTo(1.96 * Math.sqrt(0.09 / 20_000), 6);
  });
});
