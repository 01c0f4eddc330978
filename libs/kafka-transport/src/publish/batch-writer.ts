/** A buffer that grows, with the number formats of Kafka's record batches. Strings are UTF-8. */
export class BatchWriter {
  private bytes: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.bytes = Buffer.allocUnsafe(capacity);
  }

  /** What was written so far; shares memory with the writer. */
  view(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** Makes room for this many bytes more. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + bytes));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }

  skip(bytes: number): void {
    this.reserve(bytes);
    this.length += bytes;
  }

  /** A zigzag number of variable length; `value` fits in 31 bits. */
  varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.bytes[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  byte(value: number): void {
    this.bytes[this.length++] = value;
  }

  /** The bytes as they are; of a string `byteLength` bytes. */
  raw(part: string | Buffer, byteLength: number): void {
    if (typeof part === 'string') this.bytes.write(part, this.length, byteLength);
    else part.copy(this.bytes, this.length);
    this.length += byteLength;
  }
}

/** Bytes of a number as `BatchWriter.varint` writes it. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x200000) return 3;
  return zigzag < 0x10000000 ? 4 : 5;
}
