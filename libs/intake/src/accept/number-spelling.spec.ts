import { describe, expect, it } from '@jest/globals';
import { hasOtherSpelling, parseAsSpelt, restoreSpelling } from './number-spelling.ts';

const OTHERS = [
  '1524831183200260097',
  '0.1234567890123456789',
  '10.00',
  '123456789012345678901234567890',
  '-0',
  '-0.0',
  '0.0',
  '1.0',
  '1e2',
  '1E2',
  '1E+2',
  '1.0e-7',
  '0.0000001',
  '-0.0000001234',
  '9007199254740993',
  '1.2300',
  '123456789.123456789',
];

const SAME = ['0', '7', '-7', '0.1', '-0.5', '9.99', '1732233600123', '100', '1.5', '0.00001', '1001.000001'];

const scan = (json: string): boolean => hasOtherSpelling(Buffer.from(json));

describe('the spelling of numbers', () => {
  it.each(OTHERS)('%s is another than that of JavaScript, and survives', (number) => {
    expect(JSON.stringify(JSON.parse(number)) === number).toBe(false);
    for (const json of [`{"a":${number}}`, `[${number}]`, `{"a":"1","b":[{"c":${number},"d":1}]}`, number]) {
      expect(scan(json)).toBe(true);
      expect(JSON.stringify(parseAsSpelt(json))).toBe(json);
    }
  });

  it.each(SAME)('%s is that of JavaScript, and nothing is done for it', (number) => {
    expect(JSON.stringify(JSON.parse(number))).toBe(number);
    expect(scan(`{"a":${number},"b":[${number}, ${number}]}`)).toBe(false);
  });

  it('is not looked for in texts', () => {
    expect(
      scan(JSON.stringify({ at: '2026-11-22T10:00:00.000Z', version: '140.0', 'a"1.0': '\\"1e5' })),
    ).toBe(false);
    expect(scan('{"a":"\\\\","b":1.0}')).toBe(true);
  });

  it('says yes whenever one of a thousand random numbers is spelt otherwise', () => {
    let state = 20_261_130;
    const below = (limit: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state % limit;
    };
    const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
    for (let run = 0; run < 1_000; run += 1) {
      const whole = below(3) === 0 ? '0' : `${1 + below(9)}${digits(below(22))}`;
      const fraction = below(2) === 0 ? '' : `.${'0'.repeat(below(8))}${digits(1 + below(20))}`;
      const exponent =
        below(4) > 0 ? '' : `${below(2) === 0 ? 'e' : 'E'}${['', '+', '-'][below(3)]}${below(30)}`;
      const number = `${below(2) === 0 ? '' : '-'}${whole}${fraction}${exponent}`;
      const isOther = JSON.stringify(JSON.parse(number)) !== number;
      if (isOther) expect([number, scan(`{"a":${number}}`)]).toEqual([number, true]);
      expect(JSON.stringify(parseAsSpelt(`[${number}]`))).toBe(`[${number}]`);
    }
  });

  it('is that of the last of several equal names', () => {
    expect(JSON.stringify(parseAsSpelt('{"a":[1.0,{"a":2.0}],"a":3.0,"b":{"a":4.0,"a":5.0}}'))).toBe(
      '{"a":3.0,"b":{"a":5.0}}',
    );
  });
});

describe('an event gets back', () => {
  const known = new Set(['schema_version']);
  const restored = (json: string): unknown => {
    const event = JSON.parse(json) as Record<string, unknown>;
    return restoreSpelling(event, parseAsSpelt(json) as object, known) ?? JSON.stringify(event);
  };

  it('the numbers of its unknown fields at any depth, and those alone', () => {
    expect(restored('{"schema_version":1.0,"a":1.0,"b":[{"c":[2.0]}],"d":"1.0"}')).toBe(
      '{"schema_version":1,"a":1.0,"b":[{"c":[2.0]}],"d":"1.0"}',
    );
  });

  it('no number that a reader of the stores refuses: its path is named', () => {
    expect(restored(`{"a":{"b":[0.${'1'.repeat(998)}]}}`)).toContain('0.111');
    expect(restored(`{"a":{"b":[0.${'1'.repeat(999)}]}}`)).toBe('a.b.0');
    expect(restored('{"tiny":1e-400}')).toBe('tiny');
    expect(restored('{"tiny":0.0e-400}')).toBe('{"tiny":0.0e-400}');
    expect(restored('{"tiny":5e-324}')).toBe('{"tiny":5e-324}');
  });
});
