import { describe, expect, it } from '@jest/globals';
import { level } from './level.ts';

describe('level', () => {
  it('is the share of the most', () => {
    expect([level(0, 4), level(1, 4), level(4, 4)]).toEqual(['0', '0.25', '1']);
  });

  it('stays as it is while the difference cannot be seen', () => {
    expect(level(50_000, 100_000)).toBe(level(50_100, 100_000));
    expect(level(50_000, 100_000)).not.toBe(level(50_600, 100_000));
  });
});
