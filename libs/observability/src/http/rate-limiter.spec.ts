import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from './rate-limiter.ts';

describe('RateLimiter', () => {
  const allowed = (limiter: RateLimiter, client: string, requests: number, nowMs: number): number =>
    Array.from({ length: requests }, () => limiter.take(client, nowMs)).filter(({ isAllowed }) => isAllowed)
      .length;

  it('allows a burst, then the rate', () => {
    const limiter = new RateLimiter({ requestsPerSecond: 10, burst: 50 });
    expect(allowed(limiter, 'a', 100, 0)).toBe(50);
    expect(allowed(limiter, 'a', 100, 1_000)).toBe(10);
    expect(allowed(limiter, 'a', 100, 1_050)).toBe(0);
    expect(allowed(limiter, 'a', 100, 3_600_000)).toBe(50);
  });

  it('gives each client a bucket of its own', () => {
    const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 5 });
    expect([allowed(limiter, 'a', 9, 0), allowed(limiter, 'b', 9, 0)]).toEqual([5, 5]);
  });

  it('says how many are left, when the next may come and when all are there again', () => {
    const limiter = new RateLimiter({ requestsPerSecond: 2, burst: 4 });
    expect(limiter.take('a', 0)).toEqual({ isAllowed: true, remaining: 3, retryAfterS: 1, resetS: 1 });
    allowed(limiter, 'a', 3, 0);
    expect(limiter.take('a', 0)).toEqual({ isAllowed: false, remaining: 0, retryAfterS: 1, resetS: 2 });
    expect(limiter.headersOf(limiter.take('a', 0))).toEqual({
      'ratelimit-policy': '"client";q=4;w=2',
      ratelimit: '"client";r=0;t=2',
      'retry-after': '1',
    });
    expect(limiter.headersOf(limiter.take('b', 0))).not.toHaveProperty('retry-after');
  });

  it('gives nothing back when the clock goes back', () => {
    const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 2 });
    expect(allowed(limiter, 'a', 9, 10_000)).toBe(2);
    expect(allowed(limiter, 'a', 9, 0)).toBe(0);
  });

  it('remembers the last clients and forgets those before them', () => {
    const limiter = new RateLimiter({ requestsPerSecond: 1, burst: 1 }, 10);
    allowed(limiter, 'first', 1, 0);
    for (let client = 0; client < 10; client += 1) allowed(limiter, String(client), 1, 0);
    expect(allowed(limiter, 'first', 1, 0)).toBe(0);
    for (let client = 0; client < 40; client += 1) allowed(limiter, String(client), 1, 0);
    expect(allowed(limiter, 'first', 1, 0)).toBe(1);
  });
});
