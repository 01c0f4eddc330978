import { describe, expect, it } from '@jest/globals';
import { spread } from './statistics.ts';

describe('spread', () => {
  it.each([
    [[3, 1, 2], { median: 2, least: 1, most: 3 }],
    [[4, 1, 2, 3], { median: 2.5, least: 1, most: 4 }],
    [[7], { median: 7, least: 7, most: 7 }],
  ])('of %j is the middle and both ends', (values, expected) => {
    expect(spread(values)).toEqual(expected);
  });
});
