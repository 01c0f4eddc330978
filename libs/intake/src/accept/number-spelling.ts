import { endOfText } from './json-limits.ts';

/** A number of more characters is refused by the JSON readers of both stores. Source: Jackson 2.15 `StreamReadConstraints`. */
const MAX_NUMBER_CHARACTERS = 1_000;

/** A number as it was spelt; `JSON.stringify` writes it so. Source: TC39, JSON.parse source text access. */
interface RawNumber {
  readonly rawJSON: string;
}

interface SpellingJson {
  parse(
    text: string,
    reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): value is RawNumber;
}

/** What the engine has of JSON and TypeScript's library does not name yet. */
const json = JSON as unknown as SpellingJson;

const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const SMALL_E = 0x65;
const TO_SMALL_LETTER = 0x20;

/** A double says up to 15 digits of any decimal number. */
const MOST_SAFE_DIGITS = 15;
/** Numbers with so many zeros behind the point may be written with an exponent. */
const ZEROS_OF_AN_EXPONENT = 6;

/**
 * Whether a number of this JSON may be spelt in another way than JavaScript writes it: many digits, a last zero behind
 * the point, an exponent, a minus before zero. Wrong only in saying yes too often. One pass, about a nanosecond a byte.
 */
export function hasOtherSpelling(body: Buffer): boolean {
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at]!;
    if (byte === QUOTE) at = endOfText(body, at);
    else if (isDigit(byte) || byte === MINUS) {
      const end = endOfNumber(body, at);
      if (isOtherSpelling(body, at, end)) return true;
      at = end;
    }
  }
  return false;
}

function isOtherSpelling(body: Buffer, start: number, end: number): boolean {
  const digits = body[start] === MINUS ? start + 1 : start;
  if (end - digits > MOST_SAFE_DIGITS) return true;
  let point = -1;
  let zeros = 0;
  for (let at = digits; at < end; at += 1) {
    const byte = body[at]!;
    if ((byte | TO_SMALL_LETTER) === SMALL_E) return true;
    if (byte === DOT) point = at;
    else if (point >= 0 && byte === ZERO && zeros === at - point - 1) zeros += 1;
  }
  if (point < 0) return digits > start && body[digits] === ZERO;
  return body[end - 1] === ZERO || zeros >= ZEROS_OF_AN_EXPONENT;
}

/** JSON that is known to be right, with each number that JavaScript would write in another way as it is spelt. */
export function parseAsSpelt(text: string): unknown {
  return json.parse(text, (_name, value, { source }) => {
    if (typeof value !== 'number' || source === undefined || source === JSON.stringify(value)) return value;
    return json.rawJSON(source);
  });
}

/**
 * Gives the unknown fields of a valid event their numbers as they were spelt.
 * @param spelt the same event, as {@link parseAsSpelt} reads it.
 * @param known names whose values the contract has checked; those stay.
 * @returns the path of the first number that a reader of the stores would not take.
 */
export function restoreSpelling(
  event: Record<string, unknown>,
  spelt: object,
  known: ReadonlySet<string>,
): string | undefined {
  for (const [name, value] of Object.entries(spelt)) {
    if (known.has(name) || typeof value !== 'object' || value === null) continue;
    const path = unreadableNumber(value, name);
    if (path !== undefined) return path;
    event[name] = value;
  }
  return undefined;
}

function unreadableNumber(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (json.isRawJSON(value)) return isReadable(value.rawJSON) ? undefined : path;
  for (const [name, inner] of Object.entries(value)) {
    const found = unreadableNumber(inner, `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Too small for a double is as much out of range as too large. */
function isReadable(spelling: string): boolean {
  if (spelling.length > MAX_NUMBER_CHARACTERS) return false;
  return Number(spelling) !== 0 || /^[-0.]*(?:$|e)/i.test(spelling);
}

function endOfNumber(body: Buffer, start: number): number {
  let end = start + 1;
  while (end < body.length && isOfNumber(body[end]!)) end += 1;
  return end;
}

function isOfNumber(byte: number): boolean {
  return isDigit(byte) || byte === DOT || byte === MINUS || byte === 0x2b || (byte | 0x20) === SMALL_E;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= 0x39;
}
