import { describe, expect, it } from '@jest/globals';
import { printable } from './printable.ts';

describe('printable', () => {
  it('leaves texts of every script as they are', () => {
    const texts = ['Ada, 36', 'Grüße', '별이 빛나는 밤', 'שלום', '🎨 {"a":[1]} \\n', '│ ─ …'];
    expect(texts.map(printable)).toEqual(texts);
  });

  it.each([
    ['an escape sequence', '\u001b[2J\u001b]0;PWNED\u0007', '\\u001b[2J\\u001b]0;PWNED\\u0007'],
    ['control characters of one byte', '\u0000\u007f\u009b31m', '\\u0000\\u007f\\u009b31m'],
    ['line breaks and tabs', 'a\r\nb\tc\u2028d', 'a\\r\\nb\\tc\\u2028d'],
    ['reversed text', 'a\u202eb\u2066c\u200f', 'a\\u202eb\\u2066c\\u200f'],
    ['what cannot be seen', '\u200b\u{e0041}\ufeff', '\\u200b\\u{e0041}\\ufeff'],
    ['half a surrogate pair', 'a\ud83d', 'a\\ud83d'],
  ])('shows %s as escapes', (_what, text, shown) => {
    expect(printable(text)).toBe(shown);
  });
});
