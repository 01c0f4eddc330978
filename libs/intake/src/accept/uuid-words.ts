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
  words[0] = eightDigits(uuid, 0, 4);
  words[1] = eightDigits(uuid, 9, 14);
  words[2] = eightDigits(uuid, 19, 24);
  words[3] = eightDigits(uuid, 28, 32) ^ wordOf(topic);
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

/** A digit's value, by the code of its character. */
const VALUES = Uint8Array.from(
  { length: 128 },
  (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0,
);

/** Two groups of four digits, none of which is cut by a hyphen. */
function eightDigits(uuid: string, first: number, second: number): number {
  return (fourDigits(uuid, first) << 16) | fourDigits(uuid, second);
}

function fourDigits(uuid: string, at: number): number {
  const high = (VALUES[uuid.charCodeAt(at)]! << 4) | VALUES[uuid.charCodeAt(at + 1)]!;
  return (high << 8) | (VALUES[uuid.charCodeAt(at + 2)]! << 4) | VALUES[uuid.charCodeAt(at + 3)]!;
}

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
