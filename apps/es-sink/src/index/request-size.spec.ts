import { describe, expect, it } from '@jest/globals';
import { RequestSize } from './request-size.ts';

const MAX = 4_000_000;

describe('the size of a bulk request', () => {
  it('starts at the limit and stays there while requests succeed', () => {
    const size = new RequestSize(MAX);
    size.succeeded();
    expect(size.bytes).toBe(MAX);
  });

  it('halves with each failure and comes back in ten steps', () => {
    const size = new RequestSize(MAX);
    size.failed();
    expect(size.bytes).toBe(MAX / 2);
    for (let i = 0; i < 5; i++) size.succeeded();
    expect(size.bytes).toBe(MAX);
  });

  it('never falls to where requests carry nothing', () => {
    const size = new RequestSize(MAX);
    for (let i = 0; i < 100; i++) size.failed();
    expect(size.bytes).toBe(64 << 10);
  });

  it('does not grow back to a size that was refused', () => {
    const size = new RequestSize(MAX);
    size.tooLarge(3_000_000);
    for (let i = 0; i < 100; i++) size.succeeded();
    expect(size.bytes).toBe(1_500_000);
  });

  it('respects a limit below its own floor', () => {
    const size = new RequestSize(1_000);
    size.failed();
    size.tooLarge(1_000);
    expect(size.bytes).toBe(1_000);
  });
});
