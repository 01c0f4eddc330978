/**
 * A number of 64 bits; exact below 2^53. Every offset, time and producer id of Kafka is below that: a partition that takes a
 * million records a second reaches it in 285 years. So all code above this package has them as numbers.
 */
export function int64At(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** A place in bytes of Kafka's protocol that moves on with what is read. Numbers are big-endian, strings UTF-8. */
export class WireReader {
  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  /** A zigzag number of variable length, of at most 32 bits. Source: Kafka's `ByteUtils.readVarint`. */
  varint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    let value = byte & 0x7f;
    for (let shift = 7; byte > 0x7f; shift += 7) {
      byte = bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** The same of up to 64 bits; exact up to 2^53. */
  varlong(): number {
    const { bytes } = this;
    let byte = bytes[this.at++]!;
    let value = byte & 0x7f;
    for (let factor = 128; byte > 0x7f; factor *= 128) {
      byte = bytes[this.at++]!;
      value += (byte & 0x7f) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Bytes behind their length as a varint; they share memory with the reader. */
  part(): Buffer | null {
    const length = this.varint();
    return length < 0 ? null : this.take(length);
  }

  take(length: number): Buffer {
    const start = this.at;
    this.at += length;
    return this.bytes.subarray(start, this.at);
  }

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  int64(): number {
    this.at += 8;
    return int64At(this.bytes, this.at - 8);
  }

  /** A string behind its length as an int16. */
  string(): string {
    const length = this.int16();
    return length < 0 ? '' : this.take(length).toString('utf8');
  }

  /** A list behind its length as an int32; `null` is an empty one. */
  list<T>(read: (reader: WireReader) => T): T[] {
    const items: T[] = [];
    for (let left = this.int32(); left > 0; left--) items.push(read(this));
    return items;
  }
}
