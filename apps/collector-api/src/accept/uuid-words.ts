import { randomInt } from 'node:crypto';

/** Four words that name an event: its UUID, the last word mixed with its topic; and their hash. */
export type UuidWords = Readonly<Uint32Array>;

export const WORDS = 4;
/** Where the hash is. */
export const HASH = WORDS;

const words = new Uint32Array(WORDS + 1);
let readLast = '';
let topicOfLast = '';

/** Nobody can prepare ids whose hashes are alike. */
const SEED = randomInt(2 ** 32);

/** By topic; drawn at random, so that no id can be prepared that is another one on another topic. */
const topicWords = new Map<string, number>();

/** @param uuid in lower case. @returns memory that the next call uses again. */
export function wordsOf(uuid: string, topic: string): UuidWords {
  if (uuid === readLast && topic === topicOfLast) return words;
  readLast = uuid;
  topicOfLast = topic;
  let word = 0;
  let digits = 0;
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === DASH) continue;
    word = (word << 4) | (code - (code < LETTERS_FROM ? DIGIT_OFFSET : LETTER_OFFSET));
    digits += 1;
    if ((digits & 7) === 0) words[(digits >> 3) - 1] = word;
  }
  words[WORDS - 1]! ^= wordOf(topic);
  words[HASH] = hashOfWords();
  return words;
}

function wordOf(topic: string): number {
  let word = topicWords.get(topic);
  if (word === undefined) {
    word = randomInt(2 ** 32);
    topicWords.set(topic, word);
  }
  return word;
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
