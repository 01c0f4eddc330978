import { describe, expect, it } from '@jest/globals';
import { exceedsJsonLimits, JSON_LIMITS } from './json-limits.ts';

const scan = (text: string): boolean => exceedsJsonLimits(Buffer.from(text), false);
const scanDecoded = (text: string): boolean => exceedsJsonLimits(Buffer.from(text), true);
const nested = (depth: number): string => `${'['.repeat(depth)}${' '.repeat(4_096)}${']'.repeat(depth)}`;
const named = (names: number): string =>
  `{${Array.from({ length: names }, (_, name) => `"k${name}":1`).join(',')}}`;

describe('the limits of JSON', () => {
  it('let the deepest text through and no deeper one', () => {
    expect([scan(nested(JSON_LIMITS.depth)), scan(nested(JSON_LIMITS.depth + 1))]).toEqual([false, true]);
  });

  it('let the largest count of values through and no larger one', () => {
    const listOf = (values: number): string => JSON.stringify(Array.from({ length: values }, () => 0));
    expect([scan(listOf(JSON_LIMITS.values)), scan(listOf(JSON_LIMITS.values + 1))]).toEqual([false, true]);
    expect(scan(`[${'{},'.repeat(60_000)}{}]`)).toBe(true);
  });

  it('let as many names of one object through as an event may have, and no more', () => {
    const most = JSON_LIMITS.namesOfObject;
    expect([scanDecoded(named(most)), scanDecoded(named(most + 1))]).toEqual([false, true]);
    expect(scanDecoded(`[${named(most)},{"a":${named(most)},"b":[${named(most)}]}]`)).toBe(false);
    expect(scan(named(80_000))).toBe(true);
  });

  it('count the names of an object that go on behind one inside of it', () => {
    const half = named(JSON_LIMITS.namesOfObject / 2).slice(1, -1);
    expect(scanDecoded(`{${half},${half}}`)).toBe(false);
    expect(scanDecoded(`{${half},"inner":{${half}},${half}}`)).toBe(true);
  });

  it('bound the names of all objects together', () => {
    const events = (count: number, names: number): string =>
      `[${Array.from({ length: count }, () => named(names)).join(',')}]`;
    expect([scan(events(500, 100)), scan(events(500, 101))]).toEqual([false, true]);
  });

  it('leave alone a small text whose sender sent all of its bytes', () => {
    expect([scan(named(2_000)), scanDecoded(named(2_000)), scan(named(4_000))]).toEqual([false, true, true]);
  });

  it('do not count what stands in texts, with or without escapes', () => {
    const text = JSON.stringify([`${'[{,:'.repeat(200_000)}"\\`, '\\', '"', ',', 'x'.repeat(5_000)]);
    expect(scanDecoded(text)).toBe(false);
  });

  it('count again after a text', () => {
    expect(scan(JSON.stringify({ 'a\\"': 'x'.repeat(5_000) }) + '['.repeat(100))).toBe(true);
  });

  it('end at the end of a text that is cut off, and at closing brackets that nothing opened', () => {
    expect(scan(`"${'x'.repeat(5_000)}\\`)).toBe(false);
    expect(scanDecoded(`${']'.repeat(5_000)}${named(10)}`)).toBe(false);
  });
});
