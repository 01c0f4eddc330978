import { WireReader } from './reader.ts';
import { readHeaders, type RecordHeaders } from './record-headers.ts';

/** A record to be produced. Equal keys go to the same partition, by Kafka's own hash. */
export interface OutgoingRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: RecordHeaders;
}

/** Of a record without a key; `Utils.murmur2` made positive is never negative. */
export const KEYLESS = -1;

/** What a record takes in a batch beyond its body, at most: its length, attributes, time and number. */
const FRAMING_BYTES = 12;

/**
 * Records in their order, each as a record batch holds it, from the key on: what comes before depends on the batch. Two
 * arrays of numbers and one buffer, however many they are, so that records that wait for Kafka cost the garbage
 * collector nothing. Never changed.
 */
export class EncodedRecords {
  constructor(
    /** All bodies, one behind the other. */
    readonly bytes: Buffer,
    /** Where each body ends. */
    private readonly ends: readonly number[],
    private readonly keyHashes: readonly number[],
    /** The part of the arrays that this is: from here up to, and without, there. */
    private readonly from = 0,
    private readonly to = ends.length,
  ) {}

  get count(): number {
    return this.to - this.from;
  }

  /** Bytes that they take in a batch, at most. */
  get sizeBound(): number {
    return this.startOf(this.count) - this.startOf(0) + this.count * FRAMING_BYTES;
  }

  sizeBoundOf(index: number): number {
    return this.endOf(index) - this.startOf(index) + FRAMING_BYTES;
  }

  startOf(index: number): number {
    const at = this.from + index;
    return at === 0 ? 0 : this.ends[at - 1]!;
  }

  endOf(index: number): number {
    return this.ends[this.from + index]!;
  }

  /** Of the key, by which Kafka chooses a partition; {@link KEYLESS} where there is none. */
  keyHashOf(index: number): number {
    return this.keyHashes[this.from + index]!;
  }

  /** How many of them, from the first on, take at most so many bytes in a batch. */
  fitting(bytes: number): number {
    if (this.sizeBound <= bytes) return this.count;
    let fitting = 0;
    for (let left = bytes; (left -= this.sizeBoundOf(fitting)) >= 0;) fitting += 1;
    return fitting;
  }

  /** Some of them, without a copy. */
  part(from: number, to: number): EncodedRecords {
    if (from === 0 && to === this.count) return this;
    return new EncodedRecords(this.bytes, this.ends, this.keyHashes, this.from + from, this.from + to);
  }

  /** As they were before; the parts share memory with this. */
  decode(): OutgoingRecord[] {
    return Array.from({ length: this.count }, (_, index) => {
      const reader = new WireReader(this.bytes, this.startOf(index));
      return { key: reader.part(), value: reader.part(), headers: readHeaders(reader) };
    });
  }
}
