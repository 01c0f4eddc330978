import { randomInt } from 'node:crypto';

/** Four words that name an event: its UUID, the last word mixed with its topic; and their hash. */
export type UuidWords = Readonly<Uint32Array>;

const WORDS = 4;
/** Where the hash is. */
const HASH = WORDS;

const words = new Uint32Array(WORDS + 1);
let readLast = '';
let topicOfLast = '';

/** No client can prepare ids whose hashes are alike. */
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

/** Slots looked at for one id. Ids that were made to collide are not remembered, and slow nothing down. */
const MAX_PROBES = 128;
const EMPTY = 0;

/** What is kept of an id: its words, its number, its fingerprint. */
const NUMBER = WORDS;
const FINGERPRINT = WORDS + 1;
const ENTRY = WORDS + 2;

/**
 * Sets of UUIDs, and with each UUID a number from 1 on and a fingerprint. Tables with open addressing in arrays of numbers:
 * no object per id, nothing for the garbage collector to mark, move or free. A byte of each id's hash lies apart from the
 * rest, those of one slot of all sets side by side, so that the usual question, for an id that is in none, is answered from
 * one line of the processor's cache.
 */
export class IdTable {
  /** By slot and set: 1 to 255, or empty. */
  private readonly tags: Uint8Array;
  /** By set and slot. */
  private readonly entries: Uint32Array;
  private readonly slots: number;
  private readonly taken: number[];

  /** @param capacity ids that each set takes; at most half of its slots are ever used. */
  constructor(
    capacity: number,
    private readonly sets: number,
  ) {
    this.slots = 2 ** Math.ceil(Math.log2(2 * Math.max(1, capacity)));
    this.tags = new Uint8Array(sets * this.slots);
    this.entries = new Uint32Array(sets * this.slots * ENTRY);
    this.taken = Array.from({ length: sets }, () => 0);
  }

  /** Ids in a set. */
  size(set: number): number {
    return this.taken[set]!;
  }

  /** @returns 0 where the id is not in the set. */
  get(id: UuidWords, set: number): number {
    const slot = this.find(id, set);
    return this.isTaken(slot, set) ? this.entries[this.entryAt(slot, set) + NUMBER]! : 0;
  }

  /** @returns 0 where the id is not in the set. */
  fingerprintOf(id: UuidWords, set: number): number {
    const slot = this.find(id, set);
    return this.isTaken(slot, set) ? this.entries[this.entryAt(slot, set) + FINGERPRINT]! : 0;
  }

  set(id: UuidWords, set: number, number: number, fingerprint = 0): void {
    const slot = this.find(id, set);
    if (slot < 0) return;
    if (!this.isTaken(slot, set)) this.taken[set]! += 1;
    this.tags[slot * this.sets + set] = tagOf(id);
    const { entries } = this;
    const entry = this.entryAt(slot, set);
    for (let word = 0; word < WORDS; word++) entries[entry + word] = id[word]!;
    entries[entry + NUMBER] = number;
    entries[entry + FINGERPRINT] = fingerprint;
  }

  clear(set: number): void {
    const { tags, sets } = this;
    for (let at = set; at < tags.length; at += sets) tags[at] = EMPTY;
    this.taken[set] = 0;
  }

  /** The slot that holds the id, or could; negative where all that it may be in are taken. */
  private find(id: UuidWords, set: number): number {
    const { tags, sets, slots } = this;
    const tag = tagOf(id);
    let slot = id[HASH]! & (slots - 1);
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const found = tags[slot * sets + set];
      if (found === EMPTY || (found === tag && this.holds(this.entryAt(slot, set), id))) return slot;
      slot = (slot + 1) & (slots - 1);
    }
    return -1;
  }

  private isTaken(slot: number, set: number): boolean {
    return slot >= 0 && this.tags[slot * this.sets + set] !== EMPTY;
  }

  private holds(entry: number, id: UuidWords): boolean {
    const { entries } = this;
    for (let word = 0; word < WORDS; word++) if (entries[entry + word] !== id[word]) return false;
    return true;
  }

  private entryAt(slot: number, set: number): number {
    return (set * this.slots + slot) * ENTRY;
  }
}

/** Of bits of the hash that do not choose the slot. */
function tagOf(id: UuidWords): number {
  return id[HASH]! >>> 24 || 1;
}
