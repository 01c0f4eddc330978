import { describe, expect, it } from '@jest/globals';
import { CostWatch, shareBetween } from './cost-watch.ts';

describe('the cost watch', () => {
  it('says what a process used of one processor', async () => {
    const watch = await CostWatch.start(new Map([['this', [process.pid]]]));
    const until = performance.now() + 300;
    while (performance.now() < until) Math.sqrt(until);
    const { seconds, cores, machineShare } = await watch.stop();
    expect(seconds).toBeGreaterThanOrEqual(0.3);
    expect(cores.get('this')).toBeGreaterThan(0.1);
    expect(machineShare).toBeGreaterThan(0);
  });

  it('knows how busy the machine was between two looks', () => {
    expect(shareBetween({ busy: 10, all: 100 }, { busy: 40, all: 140 })).toBe(0.75);
    expect(shareBetween({ busy: 10, all: 100 }, { busy: 10, all: 100 })).toBe(0);
  });
});
