import { describe, expect, it } from '@jest/globals';
import { retryAfterSeconds } from './refusals.ts';

describe('Retry-After', () => {
  it('is one to five whole seconds, and not the same for all', () => {
    const seconds = new Set(Array.from({ length: 1_000 }, () => Number(retryAfterSeconds())));
    expect([...seconds].sort()).toEqual([1, 2, 3, 4, 5]);
  });
});
