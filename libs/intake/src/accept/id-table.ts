import { HASH, type UuidWords, WORDS } from './uuid-words.ts';

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
