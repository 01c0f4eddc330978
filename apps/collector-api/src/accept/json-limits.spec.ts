import { describe, expect, it } from '@jest/globals';
import { exceedsJsonLimits, JSON_LIMITS } from './json-limits.ts';

const scan = (text: string): boolean => exceedsJsonLimits(Buffer.from(text));
const nested = (depth: number): string => `${'['.repeat(depth)}${' '.repeat(4_096)}${']'.repeat(depth)}`;

describe('the limits of JSON', () => {
  it('let the deepest text through and no deeper one', () => {
    expect([scan(nested(JSON_LIMITS.depth)), scan(nested(JSON_LIMITS.depth + 1))]).toEqual([false, true]);
  });

  it('let the largest count of values through and no larger one', () => {
    const listOf = (values: number): string => JSON.stringify(Array.from({ length: values }, () => 0));
    expect([scan(listOf(JSON_LIMITS.values)), scan(listOf(JSON_LIMITS.values + 1))]).toEqual([false, true]);
    expect(scan(`[${'{},'.repeat(60_000)}{}]`)).toBe(true);
  });

  it('do not count what stands in texts, with or without escapes', () => {
    const text = JSON.stringify([`${'[{,'.repeat(200_000)}"\\`, '\\', '"', ',', 'x'.repeat(5_000)]);
    expect(scan(text)).toBe(false);
  });

  it('count again after a text', () => {
    expect(scan(JSON.stringify({ 'a\\"': 'x'.repeat(5_000) }) + '['.repeat(100))).toBe(true);
  });

  it('end at the end of a text that is cut off', () => {
    expect(scan(`"${'x'.repeat(5_000)}\\`)).toBe(false);
  });
});
