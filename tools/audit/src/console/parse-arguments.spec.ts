import { describe, expect, it } from '@jest/globals';
import { instant, seconds } from './parse-arguments.ts';

describe('arguments of the command', () => {
  it('takes instants with a zone, and days', () => {
    expect(instant('2026-11-22T09:00:00+01:00').toISOString()).toBe('2026-11-22T08:00:00.000Z');
    expect(instant('2026-11-22').toISOString()).toBe('2026-11-22T00:00:00.000Z');
  });

  it.each(['yesterday', '2026-11-22T09:00:00', '2026-13-01', ''])('refuses %s as an instant', (text) => {
    expect(() => instant(text)).toThrow('ISO-8601');
  });

  it('takes seconds and refuses everything else', () => {
    expect(seconds('1.5')).toBe(1_500);
    for (const text of ['', '-1', 'soon']) expect(() => seconds(text)).toThrow('seconds');
  });
});
