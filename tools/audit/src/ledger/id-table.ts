const NONE = -1;

/** 64 bits of an event id; among a million ids two share them with a chance of 1 in 30 million. */
export interface IdHash {
  readonly high: number;
  readonly low: number;
}

/** Hash of an id. Source: cyrb53 by bryc, public domain, without its last step down to 53 bits. */
export function hashId(id: string): IdHash {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < id.length; at += 1) {
    const code = id.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return { high: high >>> 0, low: low >>> 0 };
}

/** Event id → the first record that carries it. 8 bytes for each record's hash, 8 for its place in the table. */
export class IdTable {
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;
  private readonly slots: Int32Array;

  /** @param records numbers `0 … records - 1` name the records. */
  constructor(records: number) {
    this.high = new Uint32Array(records);
    this.low = new Uint32Array(records);
    this.slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(2, records * 1.6)))).fill(NONE);
  }

  /** Notes that a record carries an id. @returns the first record with that id; it may be this one. */
  add(hash: IdHash, record: number): number {
    this.high[record] = hash.high;
    this.low[record] = hash.low;
    const slot = this.slotOf(hash);
    if (this.slots[slot] === NONE) this.slots[slot] = record;
    return this.slots[slot]!;
  }

  /** The first record that carries the id, or -1. */
  find(hash: IdHash): number {
    return this.slots[this.slotOf(hash)]!;
  }

  /** Whether `record`, which has an id, has this one. */
  carries(record: number, { high, low }: IdHash): boolean {
    return this.high[record] === high && this.low[record] === low;
  }

  /** The first record with the same id as `record`, which has one. */
  firstOf(record: number): number {
    return this.find({ high: this.high[record]!, low: this.low[record]! });
  }

  private slotOf(hash: IdHash): number {
    const mask = this.slots.length - 1;
    let slot = hash.low & mask;
    while (this.slots[slot] !== NONE && !this.carries(this.slots[slot]!, hash)) slot = (slot + 1) & mask;
    return slot;
  }
}
