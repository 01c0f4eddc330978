import { WireReader } from './reader.ts';

/** The largest record that is read whole; without compression topics allow a quarter of it. */
export const MAX_RECORD_INFLATED_BYTES = 4 << 20;

/** What is kept of the beginning of a larger one, and at most of its headers. */
const KEPT_BYTES = 64 << 10;
const NO_HEADERS = Buffer.from([0]);

/** A record that was not read whole: its value, and perhaps its key, end early; headers that are too large are left out. */
export interface CutRecord {
  readonly offsetDelta: number;
  readonly timestampDelta: number;
  readonly key: Buffer | null;
  readonly value: Buffer;
  /** In Kafka's own format. */
  readonly headers: Buffer;
  /** What the whole record takes. */
  readonly wholeBytes: number;
}

/** Takes the bytes of a record that is too large to be held, and keeps what tells which one it was. */
export class LargeRecord {
  private readonly head: Buffer;
  private readonly tail: Buffer[] = [];
  private position = 0;
  private fields: Omit<CutRecord, 'headers'> | undefined;
  private headersAt = Number.POSITIVE_INFINITY;

  /** @param wholeBytes without the length itself. */
  constructor(readonly wholeBytes: number) {
    this.head = Buffer.allocUnsafeSlow(Math.min(KEPT_BYTES, wholeBytes));
  }

  get isComplete(): boolean {
    return this.position === this.wholeBytes;
  }

  /** Takes what belongs to this record. @returns how many bytes that was. */
  take(bytes: Buffer): number {
    const mine = bytes.subarray(0, this.wholeBytes - this.position);
    const start = this.position;
    if (start < this.head.length) mine.copy(this.head, start);
    this.position += mine.length;
    if (!this.fields && this.position >= this.head.length) this.readFields();
    // A copy: the piece that it came in is larger.
    if (this.position > this.headersAt)
      this.tail.push(Buffer.from(mine.subarray(Math.max(0, this.headersAt - start))));
    return mine.length;
  }

  /** Once it is complete. */
  cut(): CutRecord {
    const headers = this.tail.length > 0 ? Buffer.concat(this.tail) : NO_HEADERS;
    return { ...this.fields!, headers };
  }

  private readFields(): void {
    const { head, wholeBytes } = this;
    const reader = new WireReader(head, 1);
    const timestampDelta = reader.varlong();
    const offsetDelta = reader.varint();
    const key = reader.part();
    // A key that fills what is kept leaves no value to be found.
    const valueLength = reader.at + 5 <= head.length ? Math.max(0, reader.varint()) : wholeBytes;
    const value = head.subarray(reader.at, reader.at + valueLength);
    const headersAt = reader.at + valueLength;
    if (headersAt < wholeBytes && wholeBytes - headersAt <= KEPT_BYTES) this.headersAt = headersAt;
    this.fields = { offsetDelta, timestampDelta, key, value, wholeBytes };
  }
}
