/** Bounds of one JSON text: nesting, values and names in all, names of one object. */
export interface JsonLimits {
  /** At most 255. */
  readonly depth: number;
  readonly values: number;
  readonly names: number;
  readonly namesOfObject: number;
}

/**
 * What a request's JSON may hold. A page is far below; what is above would cost more to parse than to send. V8 takes 2 µs
 * for each name of an object with thousands of them, a fifth of that up to a thousand.
 */
export const JSON_LIMITS = {
  depth: 64,
  values: 100_000,
  names: 50_000,
  namesOfObject: 1_024,
} as const satisfies JsonLimits;

/** Below this size no text can cost much; so the usual request is not scanned at all. */
const SCANNED_FROM_BYTES = 4_096;

/** A text that was sent as it is costs its sender as many bytes, so a small one need not be scanned for its names. */
const SENT_AS_IT_IS_BYTES = 32_768;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Names of each open container so far. One scan runs at a time, so one list serves all. */
const namesAt = new Uint32Array(256);

/**
 * Whether a JSON text exceeds the limits, told from its bytes before anything is made of them: one pass, about a
 * nanosecond a byte. Says nothing about whether it is JSON.
 * @param wasCompressed whether a few bytes on the wire may have become this text.
 */
export function exceedsJsonLimits(
  json: Buffer,
  wasCompressed: boolean,
  limits: JsonLimits = JSON_LIMITS,
): boolean {
  if (json.length < SCANNED_FROM_BYTES) return false;
  const isSmall = !wasCompressed && json.length < SENT_AS_IT_IS_BYTES;
  return isSmall && !opensMoreThan(json, limits.depth) ? false : scan(json, limits);
}

function scan(json: Buffer, limits: JsonLimits): boolean {
  let depth = 0;
  let values = 0;
  let names = 0;
  namesAt[0] = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfText(json, at);
    else if (byte === COMMA) values += 1;
    else if (byte === COLON) {
      names += 1;
      if (++namesAt[depth]! > limits.namesOfObject) return true;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      depth += 1;
      values += 1;
      if (depth > limits.depth) return true;
      namesAt[depth] = 0;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && depth > 0) depth -= 1;
  }
  return values > limits.values || names > limits.names;
}

/** Counts opening brackets, those in texts too. Searching for them is a tenth of the work of reading every byte. */
function opensMoreThan(json: Buffer, most: number): boolean {
  let opened = 0;
  for (const bracket of [OPEN_OBJECT, OPEN_LIST]) {
    for (let at = json.indexOf(bracket); at >= 0; at = json.indexOf(bracket, at + 1)) {
      opened += 1;
      if (opened > most) return true;
    }
  }
  return false;
}

/** Where the closing quote of the text that opens at `at` is. */
export function endOfText(json: Buffer, at: number): number {
  let end = at + 1;
  while (end < json.length && json[end] !== QUOTE) end += json[end] === BACKSLASH ? 2 : 1;
  return end;
}
