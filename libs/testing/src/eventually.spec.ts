import { describe, expect, it } from '@jest/globals';
import { eventually } from './eventually.ts';

describe('eventually', () => {
  it('returns what the assertion returns, as soon as it holds', async () => {
    let tries = 0;
    const third = () => {
      if (++tries < 3) throw new Error(`only ${tries}`);
      return Promise.resolve('held');
    };
    expect(await eventually(third, { intervalMs: 1 })).toBe('held');
    expect(tries).toBe(3);
  });

  it('fails with the last failure when the time is up', async () => {
    let tries = 0;
    const never = () => {
      throw new Error(`failure ${++tries}`);
    };
    const failure = await eventually(never, { timeoutMs: 20, intervalMs: 1 }).catch(
      (error: unknown) => error,
    );
    expect(failure).toEqual(new Error(`failure ${tries}`));
    expect(tries).toBeGreaterThan(1);
  });

  it('tries at least once, however little time there is', async () => {
    expect(await eventually(() => 'held', { timeoutMs: 0 })).toBe('held');
  });
});
