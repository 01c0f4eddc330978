import { describe, expect, it } from '@jest/globals';
import { DEFAULT_LEGS, LEGS, legsNamed } from './catalogue.ts';

const minutes = (names: readonly string[], size: 'full' | 'quick') =>
  legsNamed(names).reduce((sum, { budgetSeconds }) => sum + budgetSeconds[size], 0) / 60;

describe('the legs of a run', () => {
  it('fit forty minutes, and six of a quick one', () => {
    expect(minutes(DEFAULT_LEGS.full, 'full')).toBeLessThanOrEqual(40);
    expect(minutes(DEFAULT_LEGS.quick, 'quick')).toBeLessThanOrEqual(6);
  });

  it('are found by name and run in their own order', () => {
    const names = LEGS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(legsNamed([...names].reverse())).toEqual(LEGS);
    expect(() => legsNamed(['collector', 'nope'])).toThrow('no leg is called nope; there are ');
  });
});
