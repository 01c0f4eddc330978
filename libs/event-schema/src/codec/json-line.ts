import { isUtf8 } from 'node:buffer';
import { STORE_LIMITS } from '../store-rules.ts';
import { DecodeError, type DecodeCode } from './decode-error.ts';
import { endOfValue, isSpace, type JsonNotes, met } from './json-syntax.ts';
import { type NameJudge } from './name-judge.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const OPEN_OBJECT = 0x7b;
const REPLACEMENT = Buffer.from('\ufffd');

/**
 * A record's value as one line of JSON: starts with `{`, ends with `}`, holds no LF and no CR. The bytes are the
 * producer's own (a view of `value` wherever possible): big numbers, escapes and U+2028 survive. Only
 * white space around the object and line breaks between tokens go.
 * @param notes is told of what it asks for on the way, by positions in `value`; void where the result is an error.
 * @param names judges its names, if they are not those of an event.
 * @returns a {@link DecodeError} when the value is not exactly one JSON object in valid UTF-8, or one that a store or a
 * reader of it cannot take ({@link STORE_LIMITS} and the names of store-rules.ts).
 */
export function jsonLine(value: Buffer | null, notes?: JsonNotes, names?: NameJudge): Buffer | DecodeError {
  if (value === null) return new DecodeError('tombstone', 'The record has no value');
  if (!isUtf8(value)) return invalidUtf8(value);
  let start = 0;
  let end = value.length;
  while (start < end && isSpace(value[start])) start += 1;
  while (end > start && isSpace(value[end - 1])) end -= 1;
  notes?.begin(value);
  const after = endOfValue(value, start, end, notes, names);
  if (met.refusal !== undefined) return refused(met.refusal, ~after);
  if (after !== end) return syntaxError(value, after < 0 ? ~after : after, end);
  if (value[start] !== OPEN_OBJECT) {
    return new DecodeError('not-an-object', 'The value is JSON but not an object', { offset: start });
  }
  if (met.escape) notes?.escaped();
  const line = start === 0 && end === value.length ? value : value.subarray(start, end);
  return met.lineBreak ? withoutLineBreaks(line) : line;
}

/** Inside a string a raw line break is a syntax error, so every one that is left stands between tokens. */
function withoutLineBreaks(line: Buffer): Buffer {
  return line.filter((byte) => byte !== LINE_FEED && byte !== CARRIAGE_RETURN) as Buffer;
}

const REFUSALS: Partial<Record<DecodeCode, string>> = {
  'nested-too-deep': `The value nests deeper than ${STORE_LIMITS.nesting}`,
  'number-too-long': `A number has more than ${STORE_LIMITS.numberCharacters} characters`,
  'text-too-long': `A text has more than ${STORE_LIMITS.textBytes} bytes`,
  'field-name-invalid':
    'A field name is blank, has a blank part between dots, half a surrogate pair or too many bytes',
  'field-reserved':
    'A field name is reserved for the pipeline or a store, or differs from one of its own in case only',
  'field-repeated': 'Two field names of one object are equal, or differ in case only',
  'invalid-field': 'A field of the event has the wrong JSON type',
};

function refused(code: DecodeCode, offset: number): DecodeError {
  return new DecodeError(code, `${REFUSALS[code]}, at position ${offset}`, { offset });
}

function syntaxError(value: Buffer, offset: number, end: number): DecodeError {
  const found = offset >= end ? 'end' : `byte 0x${value[offset]!.toString(16).padStart(2, '0')}`;
  return new DecodeError('not-json', `The value is not JSON: unexpected ${found} at position ${offset}`, {
    offset,
  });
}

function invalidUtf8(value: Buffer): DecodeError {
  const offset = firstInvalidByte(value);
  return new DecodeError('invalid-utf8', `The value is not UTF-8: invalid sequence at position ${offset}`, {
    offset,
  });
}

/** Decoding puts U+FFFD where bytes are invalid; the first one that the bytes do not spell out is the place. */
function firstInvalidByte(value: Buffer): number {
  let offset = 0;
  for (const character of value.toString()) {
    const length = Buffer.byteLength(character);
    if (character === '\ufffd' && !value.subarray(offset, offset + length).equals(REPLACEMENT)) return offset;
    offset += length;
  }
  return offset;
}
