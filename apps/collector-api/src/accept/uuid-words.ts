import { randomInt } from 'node:crypto';

/** The four words of a UUID and their hash. */
export type UuidWords = Readonly<Uint32Array>;

export const WORDS = 4;
/** Where the hash is. */
export const HASH = WORDS;

const words = new Uint32Array(WORDS + 1);
let readLast = '';

/** Nobody can prepare ids whose hashes are alike. */
const SEED = randomInt(2 ** 32);

/** @param uuid in lower case. @returns memory that the next call uses again. */
export function wordsOf(uuid: string): UuidWords {
  if (uuid === readLast) return words;
  readLast = uuid;
  let word = 0;
  let digits = 0;
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === DASH) continue;
    word = (word << 4) | (code - (code < LETTERS_FROM ? DIGIT_OFFSET : LETTER_OFFSET));
    digits += 1;
    if ((digits & 7) === 0) words[(digits >> 3) - 1] = word;
  }
  words[HASH] = hashOfWords();
  return words;
}

const DASH = 0x2d;
const LETTERS_FROM = 0x61;
const DIGIT_OFFSET = 0x30;
const LETTER_OFFSET = LETTERS_FROM - 10;

/** Source: the mixing steps of MurmurHash3, A. Appleby. */
function hashOfWords(): number {
  let hash = SEED;
  for (let at = 0; at < WORDS; at++) {
    hash = Math.imul(hash ^ Math.imul(words[at]!, 0xcc9e2d51), 0x1b873593);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
