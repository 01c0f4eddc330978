/** A buffer that grows, with the formats of Kafka's protocol and record batches. Strings are UTF-8. */
export class WireWriter {
  private buffer: Buffer;
  length = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** The memory behind it, until it grows; `length` bytes of it are written. */
  get bytes(): Buffer {
    return this.buffer;
  }

  /** What was written so far; shares memory with the writer. */
  view(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** Makes room for this many bytes more. */
  reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.buffer.length, this.length + bytes));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }

  skip(bytes: number): void {
    this.reserve(bytes);
    this.length += bytes;
  }

  /** A zigzag number of variable length; `value` fits in 31 bits. */
  varint(value: number): void {
    this.reserve(VARINT_BYTES);
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    while (rest > 0x7f) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.length++] = rest;
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length++] = value;
  }

  int16(value: number): void {
    this.reserve(2);
    this.length = this.buffer.writeInt16BE(value, this.length);
  }

  int32(value: number): void {
    this.reserve(4);
    this.length = this.buffer.writeInt32BE(value, this.length);
  }

  /** Exact below 2^53. */
  int64(value: number): void {
    this.int32(Math.floor(value / 2 ** 32));
    this.int32(value | 0);
  }

  /** A string behind its length as an int16. */
  string(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.int16(bytes);
    this.reserve(bytes);
    this.length += this.buffer.write(text, this.length);
  }

  /** Bytes of another buffer as they are. */
  copy(from: Buffer, start = 0, end = from.length): void {
    this.reserve(end - start);
    this.length += from.copy(this.buffer, this.length, start, end);
  }

  /** Repeats `bytes` bytes, beginning `back` bytes before the end. */
  repeat(back: number, bytes: number): void {
    this.reserve(bytes);
    const start = this.length - back;
    this.buffer.copyWithin(this.length, start, start + bytes);
    this.length += bytes;
  }

  /** Length and bytes; a length of -1 for null. @returns the bytes without their length. */
  part(part: string | Buffer | null): number {
    if (typeof part === 'string') return this.text(part);
    this.varint(part === null ? -1 : part.length);
    if (part !== null) this.copy(part);
    return part?.length ?? 0;
  }

  /**
   * Length and text, `more` in the place of the text's last character. How many bytes a text takes is known when it is
   * written, and its length stands before it: room is left for the length that it mostly is.
   */
  text(text: string, more?: string): number {
    const expected = varintSize(text.length + (more?.length ?? 0));
    this.reserve(VARINT_BYTES + sizeBound(text) + (more === undefined ? 0 : sizeBound(more)));
    const start = this.length + expected;
    let end = start + this.buffer.write(text, start);
    if (more !== undefined) end = end - 1 + this.buffer.write(more, end - 1);
    const bytes = end - start;
    const needed = varintSize(bytes);
    if (needed !== expected) this.buffer.copyWithin(this.length + needed, start, end);
    this.varint(bytes);
    this.length += bytes;
    return bytes;
  }
}

/** Most bytes of a 32-bit number. */
const VARINT_BYTES = 5;

/** Up to here guessing is cheaper than counting. */
const SHORT_TEXT = 4_096;
const MOST_BYTES_PER_UNIT = 3;

/** Bytes that a text needs in UTF-8, at most. */
function sizeBound(text: string): number {
  return text.length <= SHORT_TEXT ? MOST_BYTES_PER_UNIT * text.length : Buffer.byteLength(text);
}

/** Bytes of a number as `WireWriter.varint` writes it. */
export function varintSize(value: number): number {
  const zigzag = ((value << 1) ^ (value >> 31)) >>> 0;
  if (zigzag < 0x80) return 1;
  if (zigzag < 0x4000) return 2;
  if (zigzag < 0x200000) return 3;
  return zigzag < 0x10000000 ? 4 : 5;
}
