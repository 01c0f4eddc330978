import { crc32 } from 'node:zlib';
import { type LineageEnd } from './lineage-end.ts';
import { NO_ROW, type RecordDigests } from './record-digests.ts';

const LINE_FEED = 0x0a;

/** Compares the bytes of files with the rows that the records of a window must be, one behind the other. */
export class RowsInStep {
  private index = 0;
  /** The beginning of the row that the next chunk ends. */
  private rest: Buffer = Buffer.alloc(0);
  private restBytes = 0;

  constructor(
    private readonly records: RecordDigests,
    private readonly lineage: LineageEnd,
  ) {}

  /** Whether all records of the window were met, and nothing else. */
  get isComplete(): boolean {
    return this.index === this.records.count && this.restBytes === 0;
  }

  /** Takes the next bytes of a file. @returns whether they are what they must be. */
  take(chunk: Buffer): boolean {
    let at = 0;
    while (at < chunk.length) {
      const length = this.nextLength();
      if (length === NO_ROW) return false;
      const wanted = length - this.restBytes;
      if (wanted > chunk.length - at) {
        this.keep(chunk, at, length);
        return true;
      }
      if (this.restBytes === 0) {
        if (!this.isRowAt(chunk, at)) return false;
      } else {
        chunk.copy(this.rest, this.restBytes, at, at + wanted);
        this.restBytes = 0;
        if (!this.isRowAt(this.rest, 0)) return false;
      }
      this.index += 1;
      at += wanted;
    }
    return true;
  }

  /** The file ends here. @returns whether its last row is whole. */
  end(): boolean {
    return this.restBytes === 0;
  }

  /** Bytes of the next row with its line end. */
  private nextLength(): number {
    const { records, index } = this;
    const bytes = index < records.count ? records.rowBytesAt(index) : NO_ROW;
    return bytes === NO_ROW ? NO_ROW : bytes + this.lineage.lengthFor(records.offsetAt(index)) + 1;
  }

  private isRowAt(bytes: Buffer, at: number): boolean {
    const { records, index, lineage } = this;
    const offset = records.offsetAt(index);
    const end = at + records.rowBytesAt(index);
    return (
      bytes[end + lineage.lengthFor(offset)] === LINE_FEED &&
      lineage.isAt(bytes, end, offset) &&
      crc32(bytes.subarray(at, end)) === records.fingerprintAt(index)
    );
  }

  private keep(chunk: Buffer, at: number, length: number): void {
    if (this.rest.length < length) {
      const larger = Buffer.allocUnsafeSlow(2 * length);
      this.rest.copy(larger, 0, 0, this.restBytes);
      this.rest = larger;
    }
    this.restBytes += chunk.copy(this.rest, this.restBytes, at);
  }
}
