import { describe, expect, it } from '@jest/globals';
import { LongestPause, progressOf } from './progress-watch.ts';

const position = (committedOffset: bigint | undefined, startOffset = 0n, endOffset = 10n) => ({
  partition: 0,
  committedOffset,
  startOffset,
  endOffset,
});

describe('the progress of a group', () => {
  it('sums its partitions, and counts one without a commit from its start', () => {
    expect(progressOf([position(4n), position(undefined, 2n), position(10n)])).toEqual({
      committed: 16n,
      lag: 14n,
    });
  });
});

describe('the longest pause', () => {
  const seen = (...looks: [atMs: number, ...partitions: [committed: bigint, end: bigint][]][]) => {
    const longest = new LongestPause();
    for (const [atMs, ...partitions] of looks) {
      const positions = partitions.map(([committedOffset, endOffset], partition) => ({
        partition,
        committedOffset,
        startOffset: 0n,
        endOffset,
      }));
      longest.see(positions.length === 0 ? undefined : positions, atMs);
    }
    return longest.ms;
  };

  it('is the time between two commits while records wait', () => {
    expect(
      seen([100, [1n, 5n]], [200, [1n, 5n]], [900, [1n, 6n]], [1_000, [7n, 8n]], [1_100, [8n, 9n]]),
    ).toBe(900);
  });

  it('is that of one partition, whatever the others do', () => {
    expect(seen([0, [0n, 9n], [0n, 9n]], [500, [1n, 9n], [0n, 9n]], [900, [2n, 9n], [1n, 9n]])).toBe(900);
  });

  it('does not count the time in which nothing waited', () => {
    expect(seen([100, [5n, 5n]], [9_000, [5n, 5n]], [9_100, [5n, 6n]], [9_300, [6n, 6n]])).toBe(300);
  });

  it('counts the time in which Kafka does not answer', () => {
    expect(seen([100, [5n, 5n]], [200], [5_000], [5_100, [6n, 7n]])).toBe(5_000);
  });
});
