import { HASH, type UuidWords, WORDS } from './uuid-words.ts';

/** Slots looked at for one id. Ids that were made to collide are not remembered, and slow nothing down. */
const MAX_PROBES = 128;
const EMPTY = 0;

/**
 * UUIDs, and with each a number from 1 on and a fingerprint. A table with open addressing in arrays of numbers: no object per id, nothing
 * for the garbage collector to mark, move or free. A byte of each id's hash lies apart from the rest, so that the usual
 * question, for an id that is not there, is answered from the processor's cache.
 */
export class IdTable {
  /** By slot: 1 to 255, or empty. */
  private readonly tags: Uint8Array;
  private readonly ids: Uint32Array;
  private readonly numbers: Uint32Array;
  private readonly fingerprints: Uint32Array;
  private readonly mask: number;
  private taken = 0;

  /** @param capacity ids that it takes; at most half of the slots are ever used. */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * Math.max(1, capacity)));
    this.tags = new Uint8Array(slots);
    this.ids = new Uint32Array(WORDS * slots);
    this.numbers = new Uint32Array(slots);
    this.fingerprints = new Uint32Array(slots);
    this.mask = slots - 1;
  }

  get size(): number {
    return this.taken;
  }

  /** @returns 0 where the id is not in the table. */
  get(id: UuidWords): number {
    const slot = this.find(id);
    return slot >= 0 && this.tags[slot] !== EMPTY ? this.numbers[slot]! : 0;
  }

  /** @returns 0 where the id is not in the table. */
  fingerprintOf(id: UuidWords): number {
    const slot = this.find(id);
    return slot >= 0 && this.tags[slot] !== EMPTY ? this.fingerprints[slot]! : 0;
  }

  set(id: UuidWords, number: number, fingerprint = 0): void {
    const slot = this.find(id);
    if (slot < 0) return;
    if (this.tags[slot] === EMPTY) this.taken += 1;
    this.tags[slot] = tagOf(id);
    this.numbers[slot] = number;
    this.fingerprints[slot] = fingerprint;
    for (let word = 0; word < WORDS; word++) this.ids[WORDS * slot + word] = id[word]!;
  }

  clear(): void {
    this.tags.fill(EMPTY);
    this.taken = 0;
  }

  /** The slot that holds the id, or could; negative where all that it may be in are taken. */
  private find(id: UuidWords): number {
    const { tags, mask } = this;
    const tag = tagOf(id);
    let slot = id[HASH]! & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const found = tags[slot];
      if (found === EMPTY || (found === tag && this.holds(slot, id))) return slot;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  private holds(slot: number, id: UuidWords): boolean {
    const { ids } = this;
    for (let word = 0; word < WORDS; word++) if (ids[WORDS * slot + word] !== id[word]) return false;
    return true;
  }
}

/** Of bits of the hash that do not choose the slot. */
function tagOf(id: UuidWords): number {
  return id[HASH]! >>> 24 || 1;
}
