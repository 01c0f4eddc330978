import { type LoggedRecord } from '../ledger/ledger.ts';
import { type RecordRange } from './followed-kafka.ts';

const HOUR_MS = 3_600_000;
/** Bytes of what cannot be a row. */
export const NO_ROW = 0;

/** What a row is compared with, of the records of a range that were appended in one hour: 20 bytes each. */
export class RecordDigests {
  count = 0;
  /** UTC hours since the epoch; -1 while there is no record. */
  hour = -1;
  private readonly offsets: Uint32Array;
  private readonly timestamps: Float64Array;
  private readonly fingerprints: Uint32Array;
  private readonly rowBytes: Uint32Array;

  /** @param nextOffset of the records that are read; it falls to where another hour begins. */
  constructor(
    readonly partition: number,
    readonly startOffset: number,
    public nextOffset: number,
  ) {
    const size = nextOffset - startOffset;
    this.offsets = new Uint32Array(size);
    this.timestamps = new Float64Array(size);
    this.fingerprints = new Uint32Array(size);
    this.rowBytes = new Uint32Array(size);
  }

  /** Whether a record belongs here; the first one of another hour ends the range. */
  takes(offset: number, timestampMs: number): boolean {
    if (offset >= this.nextOffset) return false;
    const hour = Math.floor(timestampMs / HOUR_MS);
    if (this.hour < 0) this.hour = hour;
    if (hour === this.hour) return true;
    this.nextOffset = offset;
    return false;
  }

  /** @param rowBytes of the row without lineage and last bracket, {@link NO_ROW} of a record that can be none. */
  add(offset: number, timestampMs: number, fingerprint: number, rowBytes: number): void {
    const index = this.count++;
    this.offsets[index] = offset - this.startOffset;
    this.timestamps[index] = timestampMs;
    this.fingerprints[index] = fingerprint;
    this.rowBytes[index] = rowBytes;
  }

  offsetAt(index: number): number {
    return this.startOffset + this.offsets[index]!;
  }

  fingerprintAt(index: number): number {
    return this.fingerprints[index]!;
  }

  rowBytesAt(index: number): number {
    return this.rowBytes[index]!;
  }

  /** Append time of the last record, milliseconds since the epoch; 0 when there is none. */
  get lastMs(): number {
    return this.count === 0 ? 0 : this.timestamps[this.count - 1]!;
  }

  /** Adds those of a range to others. */
  copyTo(target: RecordDigests, { startOffset, nextOffset }: RecordRange): void {
    for (let index = 0; index < this.count; index += 1) {
      const [offset, timestampMs] = [this.offsetAt(index), this.timestamps[index]!];
      if (offset < startOffset || offset >= nextOffset || !target.takes(offset, timestampMs)) continue;
      target.add(offset, timestampMs, this.fingerprints[index]!, this.rowBytes[index]!);
    }
  }

  each({ startOffset, nextOffset }: RecordRange, onRecord: (record: LoggedRecord) => void): void {
    for (let index = 0; index < this.count; index += 1) {
      const offset = this.offsetAt(index);
      if (offset < startOffset || offset >= nextOffset) continue;
      const [timestamp, fingerprint] = [this.timestamps[index]!, this.fingerprints[index]!];
      onRecord({ offset, timestamp, value: null, fingerprint });
    }
  }
}
