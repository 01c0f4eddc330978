import { MAX_WHOLE_DIGITS, STORE_LIMITS } from '../store-rules.ts';
import { type DecodeCode } from './decode-error.ts';
import { IdentityJudge } from './identity-judge.ts';
import { NameJudge } from './name-judge.ts';
import { FIELD_KINDS, type FieldKind, isTextKind } from '../stored-fields.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const KEY = 2;
const KEY_OR_CLOSE = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;

/** The closing bracket of each open container. One scan runs at a time, so one stack serves all. */
const open = new Uint8Array(STORE_LIMITS.nesting);
const eventNames = new NameJudge();
/** Of the last value that {@link endOfValue} has read. */
export const identity = new IdentityJudge();

/** What the last {@link endOfValue} met, so that nobody has to look through the bytes again. */
export const met = {
  /** A line feed or a carriage return between two tokens. */
  lineBreak: false,
  /** An escape in a key or in a string. */
  escape: false,
  /** Why it stopped though what it has read is JSON: the stores could not read it. */
  refusal: undefined as DecodeCode | undefined,
};

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** What a reader wants to know of a value on its way through it. */
export interface JsonNotes {
  /** The value that is read now. */
  begin(bytes: Buffer): void;
  /** Something in it is spelt with an escape; said after everything else. */
  escaped(): void;
  /** A key of the outermost object, by its number (`StoredFields.numberOf`). */
  key(field: number): void;
  /** The value of that key, when it is a string, without its quotes. */
  text(start: number, end: number): void;
  /** The value of that key, when it is a number or a word. */
  scalar(start: number, end: number): void;
}

/**
 * Reads one JSON value (RFC 8259, the language of `JSON.parse`) from `start` without building anything, so nothing is left
 * for the garbage collector, and knows byte positions. On the way it holds the value to what both stores can read.
 * @param names judges the names of its objects: those of events, or of a table.
 * @returns the index after the value, or `~position` of the first byte that cannot be, `end` where bytes are missing.
 */
export function endOfValue(
  bytes: Buffer,
  start: number,
  end: number,
  notes?: JsonNotes,
  names = eventNames,
): number {
  let depth = 0;
  let state = VALUE;
  let at = start;
  met.lineBreak = false;
  met.escape = false;
  met.refusal = undefined;
  names.begin();
  identity.begin();
  while (at < end) {
    const byte = bytes[at]!;
    if (byte <= 0x20) {
      if (!isSpace(byte)) return ~at;
      if (byte === LINE_FEED || byte === CARRIAGE_RETURN) met.lineBreak = true;
      at += 1;
    } else if (state === AFTER_VALUE) {
      if (byte === COMMA) state = open[depth - 1] === CLOSE_OBJECT ? KEY : VALUE;
      else if (byte !== open[depth - 1]) return ~at;
      else if (--depth === 0) return at + 1;
      at += 1;
    } else if (state === AFTER_KEY) {
      if (byte !== COLON) return ~at;
      state = VALUE;
      at += 1;
    } else if (byte === open[depth - 1] && (state === KEY_OR_CLOSE || state === VALUE_OR_CLOSE)) {
      if (--depth === 0) return at + 1;
      state = AFTER_VALUE;
      at += 1;
    } else if (state === KEY || state === KEY_OR_CLOSE) {
      if (byte !== QUOTE) return ~at;
      const from = at + 1;
      at = names.follow(bytes, from, depth);
      if (at < 0) at = endOfNewName(bytes, from, end, depth, names);
      if (depth === 1) notes?.key(names.field);
      state = AFTER_KEY;
      if (bytes[at] === COLON) {
        state = VALUE;
        at += 1;
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      if (depth === STORE_LIMITS.nesting) return refuse(at, 'nested-too-deep');
      if (names.kind !== FIELD_KINDS.any && !opensProperties(names, byte, depth))
        return refuse(at, 'invalid-field');
      open[depth++] = byte + 2;
      names.open(depth, byte === OPEN_OBJECT);
      state = byte === OPEN_OBJECT ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
      at += 1;
    } else {
      const from = at + 1;
      at = endOfScalar(bytes, at, end);
      if (depth === 1) {
        const { kind } = names;
        if (byte === QUOTE ? kind > FIELD_KINDS.receivedAt : !isOfKind(kind, bytes, from - 1, at))
          return refuse(from - 1, 'invalid-field');
        if (byte === QUOTE && at > 0) {
          if (kind > FIELD_KINDS.text) identity.text(kind, bytes, from, at - 1);
          notes?.text(from, at - 1);
        } else if (at > 0) notes?.scalar(from - 1, at);
      }
      state = AFTER_VALUE;
      if (depth === 0) return at;
      if (bytes[at] === COMMA) {
        state = open[depth - 1] === CLOSE_OBJECT ? KEY : VALUE;
        at += 1;
      }
    }
    if (at < 0) return at;
  }
  return ~end;
}

/** What it has read so far may be JSON, but not for the stores. */
function refuse(at: number, refusal: DecodeCode): number {
  met.refusal = refusal;
  return ~at;
}

function endOfNewName(bytes: Buffer, from: number, end: number, depth: number, names: NameJudge): number {
  const after = endOfString(bytes, from, end);
  if (after < 0 || names.isRight(bytes, from, after - 1, depth)) return after;
  return refuse(from, names.fault);
}

/** Of the fields that have a column only properties are an object, and a flat one. */
function opensProperties(names: NameJudge, byte: number, depth: number): boolean {
  return names.kind === FIELD_KINDS.properties && depth === 1 && byte === OPEN_OBJECT;
}

/** Whether a scalar other than a text may be the value of a field of this kind; what is no scalar says nothing. */
function isOfKind(kind: FieldKind, bytes: Buffer, at: number, after: number): boolean {
  const byte = bytes[at]!;
  if (kind === FIELD_KINDS.any || byte === NULL[0] || after < 0) return true;
  if (isTextKind(kind) || kind === FIELD_KINDS.properties) return false;
  if (kind === FIELD_KINDS.flag) return byte === TRUE[0] || byte === FALSE[0];
  if (kind === FIELD_KINDS.number) return byte === MINUS || isDigit(byte);
  if (kind === FIELD_KINDS.long) return isLong(bytes, at, after);
  return after - at <= MAX_WHOLE_DIGITS && isDigit(byte) && endOfDigits(bytes, at, after) === after;
}

/** Whether a number is a whole one of 64 bits. */
function isLong(bytes: Buffer, at: number, after: number): boolean {
  const digits = bytes[at] === MINUS ? at + 1 : at;
  if (endOfDigits(bytes, digits, after) !== after) return false;
  if (after - digits < MOST_LONG_DIGITS) return true;
  const value = BigInt(bytes.toString('latin1', at, after));
  return BigInt.asIntN(64, value) === value;
}

/** Of the largest number of 64 bits. */
const MOST_LONG_DIGITS = 19;

function endOfScalar(bytes: Buffer, at: number, end: number): number {
  const byte = bytes[at]!;
  if (byte === QUOTE) {
    const after = endOfString(bytes, at + 1, end);
    return after - at > STORE_LIMITS.textBytes ? refuse(at, 'text-too-long') : after;
  }
  if (byte === MINUS || isDigit(byte)) {
    const after = endOfNumber(bytes, at, end);
    return after - at > STORE_LIMITS.numberCharacters ? refuse(at, 'number-too-long') : after;
  }
  if (byte === 0x74) return endOfWord(bytes, at, end, TRUE);
  if (byte === 0x66) return endOfWord(bytes, at, end, FALSE);
  if (byte === 0x6e) return endOfWord(bytes, at, end, NULL);
  return ~at;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

function endOfWord(bytes: Buffer, start: number, end: number, word: Buffer): number {
  for (let index = 0; index < word.length; index += 1) {
    const at = start + index;
    if (at === end || bytes[at] !== word[index]) return ~at;
  }
  return start + word.length;
}

/** `start` is after the opening quote. Four bytes at a time: most of an event is inside of strings. */
function endOfString(bytes: Buffer, start: number, end: number): number {
  const plain = STANDS_FOR_ITSELF;
  const lastFour = end - 4;
  let at = start;
  while (at < end) {
    while (
      at <= lastFour &&
      (plain[bytes[at]!]! & plain[bytes[at + 1]!]! & plain[bytes[at + 2]!]! & plain[bytes[at + 3]!]!) === 1
    )
      at += 4;
    while (plain[bytes[at]!] === 1) at += 1;
    const byte = bytes[at];
    if (at >= end) break;
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return ~at;
    at = endOfEscape(bytes, at + 1, end);
    if (at < 0) return at;
  }
  return ~end;
}

/** 1 for every byte that needs no look inside a string: one load per byte is what makes the scan fast. */
const STANDS_FOR_ITSELF = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < 0x20 || byte === QUOTE || byte === BACKSLASH ? 0 : 1,
);

const SHORT_ESCAPES = new Set(Buffer.from('"\\/bfnrt'));

function endOfEscape(bytes: Buffer, at: number, end: number): number {
  met.escape = true;
  if (at >= end) return ~end;
  const byte = bytes[at]!;
  if (byte !== 0x75) return SHORT_ESCAPES.has(byte) ? at + 1 : ~at;
  for (let digit = at + 1; digit <= at + 4; digit += 1) {
    if (digit >= end || !isHex(bytes[digit]!)) return ~digit;
  }
  return at + 5;
}

function endOfNumber(bytes: Buffer, start: number, end: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === 0x30 && at < end ? at + 1 : endOfDigits(bytes, at, end);
  if (at < 0) return at;
  if (at < end && bytes[at] === DOT) at = endOfDigits(bytes, at + 1, end);
  if (at < 0 || at >= end || (bytes[at]! | 0x20) !== 0x65) return at;
  const sign = bytes[at + 1];
  return endOfDigits(bytes, sign === 0x2b || sign === MINUS ? at + 2 : at + 1, end);
}

/** At least one digit. */
function endOfDigits(bytes: Buffer, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at]!)) at += 1;
  return at === start ? ~at : at;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number): boolean {
  const lower = byte | 0x20;
  return isDigit(byte) || (lower >= 0x61 && lower <= 0x66);
}
