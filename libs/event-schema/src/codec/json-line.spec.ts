import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../testing/seeded-random.fixture.ts';
import { DecodeError } from './decode-error.ts';
import { jsonLine } from './json-line.ts';
import { STORE_LIMITS } from '../store-rules.ts';

const lineOf = (text: string): string | DecodeError => {
  const line = jsonLine(Buffer.from(text));
  return line instanceof DecodeError ? line : line.toString();
};

const errorOf = (value: Buffer | null): DecodeError => {
  const line = jsonLine(value);
  if (line instanceof DecodeError) return line;
  throw new Error(`expected a DecodeError, got ${line.toString()}`);
};

const isObjectToJsonParse = (bytes: Buffer): boolean => {
  try {
    const parsed: unknown = JSON.parse(bytes.toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
};

/** Codes of what is JSON, or may be, and cannot be stored. */
const RULES = new Set(['field-repeated', 'field-name-invalid', 'field-reserved']);

describe('jsonLine', () => {
  it.each([
    ['numbers beyond 2^53', '{"n":123456789012345678901234567890,"m":1.10,"z":-0,"e":1E+2}'],
    ['U+2028 and U+2029 inside a string', '{"a":"\u2028\u2029"}'],
    ['escapes, upper and lower case', '{"a":"\\u00e9\\u00E9\\n\\/\\ud83d\\ude00"}'],
    ['spaces between tokens', '{ "a" : [ 1 , 2 ] }'],
    ['the empty object', '{}'],
  ])('keeps %s byte for byte, without a copy', (_what, text) => {
    const value = Buffer.from(text);
    expect(jsonLine(value)).toBe(value);
  });

  it('removes line breaks between tokens and white space around the object, and nothing else', () => {
    expect(lineOf('\n {\r\n  "a": 12345678901234567890,\n\t"b": "x\\ny"\n}\r\n')).toBe(
      '{  "a": 12345678901234567890,\t"b": "x\\ny"}',
    );
  });

  it.each(['\n', '\r', '\r\n'])('removes %j wherever it stands alone', (lineBreak) => {
    expect(lineOf(`{"a":${lineBreak}1}`)).toBe('{"a":1}');
    expect(lineOf(`{"a":[1,${lineBreak}2]}`)).toBe('{"a":[1,2]}');
    expect(lineOf(`{${lineBreak}}`)).toBe('{}');
  });

  it('names a tombstone', () => {
    expect(errorOf(null).code).toBe('tombstone');
  });

  it.each([
    ['', 0],
    ['{', 1],
    ['{"a":1', 6],
    ['{"a":01}', 6],
    ['{"a":1.}', 7],
    ['{"a":1e}', 7],
    ['{"a":-}', 6],
    ['{"a":tru}', 8],
    ['{"a":"\n"}', 6],
    ['{"a":"\\x"}', 7],
    ['{"a":"\\u12g4"}', 10],
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['{"a":1}{"b":2}', 7],
    ['{"a":[1}', 7],
    ['{"é":x}', 6],
    ['\ufeff{"a":1}', 0],
    ['not json', 1],
    ['{"a":NaN}', 5],
  ])('says at which byte %j stops being JSON', (text, offset) => {
    expect(errorOf(Buffer.from(text))).toMatchObject({ code: 'not-json', position: { offset } });
  });

  it.each(['[]', '[{"a":1}]', '"text"', '12', 'null', 'true', ' 1.5e3 '])(
    'refuses %j as not an object',
    (text) => {
      expect(errorOf(Buffer.from(text)).code).toBe('not-an-object');
    },
  );

  it.each([
    ['a lone continuation byte', [0x80], 6],
    ['an overlong form', [0xc0, 0xaf], 6],
    ['a surrogate', [0xed, 0xa0, 0x80], 6],
    ['a cut sequence', [0x61, 0xe2, 0x82], 7],
    ['a bad byte after a real U+FFFD', [0xef, 0xbf, 0xbd, 0xff], 9],
  ])('finds the byte of %s', (_what, bytes, offset) => {
    const value = Buffer.concat([Buffer.from('{"a":"'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(errorOf(value)).toMatchObject({ code: 'invalid-utf8', position: { offset } });
  });

  it('takes the deepest nesting that the stores read, and names one level more', () => {
    const nested = (depth: number): string => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    expect(lineOf(nested(STORE_LIMITS.nesting))).toBe(nested(STORE_LIMITS.nesting));
    expect(errorOf(Buffer.from(nested(STORE_LIMITS.nesting + 1))).code).toBe('nested-too-deep');
  });

  it('agrees with JSON.parse on 50,000 mutated documents', () => {
    const disagreements: string[] = [];
    const random = new SeededRandom(20_261_122);
    const seeds = [
      '{"a":[1,-2.5e3,{"b":null}],"c":"x\\u0041\\n"}',
      '{ "é" : true , "f" : [ ] }',
      '[{"a":false}]',
      '{}',
    ];
    const alphabet = Buffer.from('{}[]",:\\ \n\t0123456789.eE+-truefalsnux/é\u0001');
    for (let round = 0; round < 50_000; round += 1) {
      const bytes = Buffer.from(random.pick(seeds));
      for (let edits = random.below(3); edits >= 0; edits -= 1) {
        bytes[random.below(bytes.length)] = random.pick([...alphabet]);
      }
      const cut = bytes.subarray(0, random.below(4) === 0 ? random.below(bytes.length + 1) : bytes.length);
      const text = cut.toString();
      if (text.includes('\ufffd')) continue;
      const line = jsonLine(cut);
      if (line instanceof DecodeError && RULES.has(line.code)) continue;
      const accepted = !(line instanceof DecodeError);
      if (accepted !== isObjectToJsonParse(cut)) disagreements.push(text);
      else if (accepted && !isDeepStrictEqual(JSON.parse(line.toString()), JSON.parse(text)))
        disagreements.push(text);
    }
    expect(disagreements).toEqual([]);
  });
});
