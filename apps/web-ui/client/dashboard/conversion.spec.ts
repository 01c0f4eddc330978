import { describe, expect, it } from '@jest/globals';
import { conversion } from './conversion.ts';

describe('conversion', () => {
  it.each([
    [{ viewed: 0, picked: 0 }, undefined],
    [{ viewed: 0, picked: 3 }, undefined],
    [{ viewed: 4, picked: 1 }, 0.25],
    [{ viewed: 4, picked: 4 }, 1],
    [{ viewed: 4, picked: 5 }, 1],
  ])('of %j is %s', (visitors, expected) => {
    expect(conversion(visitors)).toBe(expected);
  });
});
