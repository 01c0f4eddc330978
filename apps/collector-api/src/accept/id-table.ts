import { randomInt } from 'node:crypto';

/** Slots looked at for one id. Ids that were made to collide are not remembered, and slow nothing down. */
const MAX_PROBES = 128;
const WORDS = 4;
const NONE = 0;

/** The id that was read last, as four words. */
const id = new Uint32Array(WORDS);

/**
 * UUIDs, and a number from 1 on with each. A table with open addressing in arrays of numbers: no object per id, nothing
 * for the garbage collector to mark, move or free. The start of the hash is random, so that nobody can prepare ids for it.
 */
export class IdTable {
  private readonly ids: Uint32Array;
  private readonly numbers: Float64Array;
  private readonly mask: number;
  private readonly seed = randomInt(2 ** 32);
  private taken = 0;

  /** @param capacity ids that it takes; at most half of the slots are ever used. */
  constructor(capacity: number) {
    const slots = 2 ** Math.ceil(Math.log2(2 * Math.max(1, capacity)));
    this.ids = new Uint32Array(WORDS * slots);
    this.numbers = new Float64Array(slots);
    this.mask = slots - 1;
  }

  get size(): number {
    return this.taken;
  }

  /** @param uuid in lower case. @returns 0 where it is not in the table. */
  get(uuid: string): number {
    const slot = this.find(uuid);
    return slot < 0 ? NONE : this.numbers[slot]!;
  }

  set(uuid: string, number: number): void {
    const slot = this.find(uuid);
    if (slot < 0) return;
    if (this.numbers[slot] === NONE) this.taken += 1;
    this.numbers[slot] = number;
    this.ids.set(id, WORDS * slot);
  }

  clear(): void {
    this.numbers.fill(NONE);
    this.taken = 0;
  }

  /** The slot that holds the id, or could; negative where all that it may be in are taken. */
  private find(uuid: string): number {
    readId(uuid);
    const { ids, numbers, mask } = this;
    let slot = hashOfId(this.seed) & mask;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const at = WORDS * slot;
      if (numbers[slot] === NONE) return slot;
      if (ids[at + 3] === id[3] && ids[at + 2] === id[2] && ids[at + 1] === id[1] && ids[at] === id[0])
        return slot;
      slot = (slot + 1) & mask;
    }
    return -1;
  }
}

const DASH = 0x2d;
const LETTERS_FROM = 0x61;
const DIGIT_OFFSET = 0x30;
const LETTER_OFFSET = LETTERS_FROM - 10;

function readId(uuid: string): void {
  let word = 0;
  let digits = 0;
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === DASH) continue;
    word = (word << 4) | (code - (code < LETTERS_FROM ? DIGIT_OFFSET : LETTER_OFFSET));
    digits += 1;
    if ((digits & 7) === 0) id[(digits >> 3) - 1] = word;
  }
}

/** Source: the mixing steps of MurmurHash3, A. Appleby. */
function hashOfId(seed: number): number {
  let hash = seed;
  for (let word = 0; word < WORDS; word++) {
    hash = Math.imul(hash ^ Math.imul(id[word]!, 0xcc9e2d51), 0x1b873593);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
