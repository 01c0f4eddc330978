import { describe, expect, it } from '@jest/globals';
import { address, codes, instant, position, positiveCount, repairs } from './parse-arguments.ts';

describe('arguments of the command', () => {
  it('takes positions as list shows them', () => {
    expect(position('0:17')).toEqual({ partition: 0, offset: 17 });
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

  it('takes repairs, as JSON where they are JSON', () => {
    expect(repairs('page_url=', repairs('color_name=red', repairs('schema_version=1')))).toEqual({
      schema_version: 1,
      color_name: 'red',
      page_url: '',
    });
    for (const text of ['red', '=red']) expect(() => repairs(text)).toThrow('field');
  });

  it('takes addresses of collectors', () => {
    expect(address('http://localhost:3001/v1/events')).toBe('http://localhost:3001/v1/events');
    for (const text of ['localhost:3001', 'events']) expect(() => address(text)).toThrow('address');
  });
});
