import { describe, expect, it } from '@jest/globals';
import { codes, instant, position, positiveCount } from './parse-arguments.ts';

describe('arguments of the command', () => {
  it('takes positions as list shows them', () => {
    expect(position('0:17')).toEqual({ partition: 0, offset: '17' });
    for (const text of ['17', '0:', 'a:1', '0:1:2', '-1:0']) expect(() => position(text)).toThrow('list');
  });

  it('takes counts above 0', () => {
    expect(positiveCount('20')).toBe(20);
    for (const text of ['0', '-1', '1.5', 'all', ''])
      expect(() => positiveCount(text)).toThrow('whole number');
  });

  it('takes instants with a zone', () => {
    expect(instant('2026-11-22T09:00:00Z').getTime()).toBe(Date.UTC(2026, 10, 22, 9));
    expect(() => instant('2026-11-22T09:00:00')).toThrow('zone');
  });

  it('takes several codes', () => {
    expect(codes('c', codes('a, b'))).toEqual(['a', 'b', 'c']);
  });
});
