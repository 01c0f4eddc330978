import { getHeapSpaceStatistics } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { giveBackMemory } from './run-app.ts';

const youngBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_used_size ?? NaN;

describe('memory that is given back', () => {
  it('is what a start has left in the young generation', () => {
    const left = Array.from({ length: 1_000 }, (_, index) => ({ index }));
    expect(left).toHaveLength(1_000);
    const before = youngBytes();
    giveBackMemory();
    expect(youngBytes()).toBeLessThan(before);
  });

  it('leaves no collector behind for others to call', () => {
    giveBackMemory();
    expect(runInNewContext('typeof gc')).toBe('undefined');
  });
});
