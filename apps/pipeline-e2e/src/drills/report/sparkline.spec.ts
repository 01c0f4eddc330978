import { describe, expect, it } from '@jest/globals';
import { sparkline } from './sparkline.ts';

describe('a curve in one line', () => {
  it('goes from nothing to the top', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], { columns: 20, top: 8 })).toBe('▁▂▃▄▅▆▇██');
  });

  it('shows the highest of what shares a column', () => {
    expect(sparkline([0, 8, 0, 0, 0, 4], { columns: 3, top: 8 })).toBe('█▁▅');
  });

  it('does not leave the line above the top', () => {
    expect(sparkline([80], { columns: 3, top: 8 })).toBe('█');
  });
});
