import { describe, expect, it } from '@jest/globals';
import { type Contestant, type Kind } from '../contestant.ts';
import { RoundResults } from './round-results.ts';

const contestant = (name: string, kind: Kind): Contestant => ({ name, kind, guarantee: '' });
const ours = contestant('ours', 'ours');
const slow = contestant('slow', 'peer');
const fast = contestant('fast', 'peer');
const same = (value: number) => value;

describe('RoundResults', () => {
  it('compares neighbours in time, and leaves out rounds in which one of them does not count', () => {
    const results = new RoundResults<Contestant, number>();
    for (const run of [10, undefined, 30]) results.add(ours, run);
    for (const run of [5, 5, 10]) results.add(slow, run);
    expect(results.ratios(ours, slow, same)).toEqual([2, 3]);
    expect(results.spread(ours, same)).toEqual({ median: 20, least: 10, most: 30 });
  });

  it('knows whose median is highest, and forgets who has no run that counts', () => {
    const results = new RoundResults<Contestant, number>();
    for (const run of [1, 9, 2]) results.add(slow, run);
    for (const run of [3, 3, 3]) results.add(fast, run);
    results.add(ours, undefined);
    expect(results.contestants).toEqual([slow, fast]);
    expect(results.best(results.contestants, same)).toBe(fast);
  });

  it('tells faults of peers from those that fail the command', () => {
    const results = new RoundResults<Contestant, number>();
    results.fault(ours, 'round 1: lost');
    results.fault(slow, 'round 2: doubled');
    expect(results.faults).toEqual(['ours, round 1: lost']);
    expect(results.peerFaults).toEqual(['slow, round 2: doubled']);
  });
});
