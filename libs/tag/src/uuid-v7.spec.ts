import { describe, expect, it } from '@jest/globals';
import { uuidMs, uuidV7 } from './uuid-v7.ts';

const random = (): Uint8Array => crypto.getRandomValues(new Uint8Array(16));

describe('a UUID of version 7', () => {
  it('has the form of one and holds its time', () => {
    const now = Date.UTC(2030, 0, 1);
    const id = uuidV7(now, random());
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(uuidMs(id)).toBe(now);
  });

  it('is larger than every one before it in the same tab, even when the clock is set back', () => {
    const start = Date.UTC(2031, 0, 1);
    const ids = Array.from({ length: 10_000 }, (_, n) => uuidV7(start - (n % 7), random()));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(10_000);
  });
});
