const INITIAL_BYTES = 4_096;
const ABSENT = 0xffffffff;

/** A buffer that grows: numbers big-endian, parts with their length in front. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(INITIAL_BYTES);
  private length = 0;

  done(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  uint32(value: number): this {
    this.reserve(4);
    this.length = this.bytes.writeUInt32BE(value, this.length);
    return this;
  }

  part(part: string | Uint8Array | null): this {
    if (part === null) return this.uint32(ABSENT);
    const length = typeof part === 'string' ? Buffer.byteLength(part) : part.length;
    this.uint32(length).reserve(length);
    if (typeof part === 'string') this.bytes.write(part, this.length);
    else this.bytes.set(part, this.length);
    this.length += length;
    return this;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.length + more));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}

/** Reads what `ByteWriter` wrote; parts share memory with the buffer. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  uint32(): number {
    this.at += 4;
    return this.bytes.readUInt32BE(this.at - 4);
  }

  part(): Buffer | null {
    const length = this.uint32();
    if (length === ABSENT) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text(): string {
    return String(this.part());
  }
}
