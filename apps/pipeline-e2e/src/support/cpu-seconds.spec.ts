import { describe, expect, it } from '@jest/globals';
import { parseCpuSeconds } from './cpu-seconds.ts';

describe('the processor time of a process', () => {
  it('is its user and system time, whatever its name holds', () => {
    expect(parseCpuSeconds('42 (a b) c) S 1 42 42 0 -1 4194560 900 0 0 0 250 50 0 0 20 0 11 0 100 0')).toBe(
      3,
    );
  });
});
