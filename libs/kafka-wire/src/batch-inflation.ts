import { inflate, type Pieces } from './compression.ts';
import { type CutRecord, LargeRecord, MAX_RECORD_INFLATED_BYTES } from './large-record.ts';
import { int64At, WireReader } from './reader.ts';
import { ATTRIBUTE, BATCH_AT } from './record-batch.ts';

/** Records that follow each other, as they are in their batch; or one that was cut. */
export interface InflatedRecords {
  readonly count: number;
  readonly bytes: readonly Buffer[];
  readonly cut?: CutRecord;
}

export interface InflationLimits {
  /** The first record that is wanted, counted from the batch's base offset. */
  readonly fromDelta: number;
  /** Reading ends at the record with which so many bytes are reached. */
  readonly roomBytes: number;
  /** Reading ends when so many bytes were inflated, also when none of them was wanted. */
  readonly workBytes: number;
}

const NOTHING = Buffer.alloc(0);
/** The longest length of a record, and all before its key. */
const LENGTH_BYTES = 5;

/**
 * The records of one compressed batch, read in parts: what one call leaves, the next one goes on with. Never more is in
 * memory than was asked for, a record and a piece, however large the batch becomes.
 */
export class BatchInflation {
  private readonly pieces: Pieces;
  private readonly crc: number;
  private recordsLeft: number;
  private rest: Buffer = NOTHING;
  private ended = false;
  private touched = false;
  private inflatedBytes = 0;
  private large: LargeRecord | undefined;
  /** Everything before has been handed over or was not wanted. */
  private nextDelta = 0;

  constructor(batch: Buffer, roomBytes: number) {
    this.baseOffset = int64At(batch, BATCH_AT.baseOffset);
    this.crc = batch.readUInt32BE(BATCH_AT.crc);
    this.recordsLeft = batch.readInt32BE(BATCH_AT.count);
    // A copy: the answer that the batch is in may be given back before all of it is inflated.
    const compressed = Buffer.from(batch.subarray(BATCH_AT.records));
    this.pieces = inflate(batch.readInt16BE(BATCH_AT.attributes) & ATTRIBUTE.codec, compressed, roomBytes);
  }

  readonly baseOffset: number;

  get isComplete(): boolean {
    return this.recordsLeft === 0;
  }

  /** Whether it can go on with this batch, which was fetched again for the records from an offset on. */
  continues(batch: Buffer, fetchOffset: number): boolean {
    return (
      this.baseOffset === int64At(batch, BATCH_AT.baseOffset) &&
      this.crc === batch.readUInt32BE(BATCH_AT.crc) &&
      fetchOffset >= this.baseOffset + this.nextDelta
    );
  }

  /** @throws RangeError where the batch ends before its last record. */
  async take({ fromDelta, roomBytes, workBytes }: InflationLimits): Promise<InflatedRecords[]> {
    if (!this.touched) {
      const whole = await this.whole(roomBytes);
      if (whole) return whole;
    }
    const taken = new Taken();
    const workEnd = this.inflatedBytes + workBytes;
    for (let needed = 1; !this.isComplete && taken.length < roomBytes;) {
      if (this.rest.length < needed && !(await this.fill(needed, workEnd))) break;
      needed = this.large ? this.goOnWithLarge(taken, fromDelta) : this.scan(taken, fromDelta, roomBytes);
    }
    if (this.isComplete) await this.close();
    // A copy: it is the end of all that was looked at.
    else this.rest = Buffer.from(this.rest);
    return taken.parts;
  }

  async close(): Promise<void> {
    this.ended = true;
    this.rest = NOTHING;
    await this.pieces.return?.();
  }

  /** Most batches fit as they are: nothing of them has to be looked at. */
  private async whole(roomBytes: number): Promise<InflatedRecords[] | undefined> {
    this.touched = true;
    const bytes: Buffer[] = [];
    while (!this.ended && this.inflatedBytes <= roomBytes) {
      const piece = await this.nextPiece();
      if (piece) bytes.push(piece);
    }
    if (this.ended && this.inflatedBytes <= MAX_RECORD_INFLATED_BYTES) {
      const count = this.recordsLeft;
      this.recordsLeft = 0;
      return [{ count, bytes }];
    }
    this.rest = Buffer.concat(bytes);
    return undefined;
  }

  private async nextPiece(): Promise<Buffer | undefined> {
    const next = await this.pieces.next();
    if (next.done) {
      this.ended = true;
      return undefined;
    }
    this.inflatedBytes += next.value.length;
    return next.value;
  }

  /** @returns whether there is more than before. */
  private async fill(needed: number, workEnd: number): Promise<boolean> {
    const parts = [this.rest];
    let length = this.rest.length;
    while (length < needed && !this.ended && this.inflatedBytes < workEnd) {
      const piece = await this.nextPiece();
      if (!piece) continue;
      parts.push(piece);
      length += piece.length;
    }
    if (parts.length > 1)
      this.rest = parts.length === 2 && parts[0] === NOTHING ? parts[1]! : Buffer.concat(parts);
    if (this.ended && length === 0) throw new RangeError('A record batch ends before its last record');
    return parts.length > 1 || this.ended;
  }

  /** Takes the records that are whole in `rest`. @returns how many bytes the next one needs. */
  private scan(taken: Taken, fromDelta: number, roomBytes: number): number {
    const { rest } = this;
    const reader = new WireReader(rest);
    let needed = 1;
    let [runStart, runEnd, runCount] = [0, 0, 0];
    let start = 0;
    while (this.recordsLeft > 0 && taken.length + runEnd - runStart < roomBytes) {
      if (rest.length - start < LENGTH_BYTES && !this.ended) {
        needed = LENGTH_BYTES;
        break;
      }
      reader.at = start;
      const length = reader.varint();
      const end = reader.at + length;
      if (length > MAX_RECORD_INFLATED_BYTES) {
        this.large = new LargeRecord(length);
        start = reader.at;
        break;
      }
      if (end > rest.length || length < 0) {
        if (this.ended || length < 0) throw new RangeError('A record batch ends before its last record');
        needed = end - start;
        break;
      }
      reader.at += 1;
      reader.varlong();
      const delta = reader.varint();
      this.recordsLeft--;
      if (delta < fromDelta) [runStart, runCount] = [end, 0];
      else runCount++;
      this.nextDelta = delta + 1;
      start = runEnd = end;
    }
    if (runCount > 0) taken.add(runCount, rest.subarray(runStart, runEnd));
    this.rest = rest.subarray(start);
    return needed;
  }

  private goOnWithLarge(taken: Taken, fromDelta: number): number {
    const large = this.large!;
    this.rest = this.rest.subarray(large.take(this.rest));
    if (!large.isComplete) return 1;
    const cut = large.cut();
    this.large = undefined;
    this.recordsLeft--;
    this.nextDelta = cut.offsetDelta + 1;
    if (cut.offsetDelta >= fromDelta) taken.addCut(cut);
    return 1;
  }
}

/** What one call hands over. */
class Taken {
  readonly parts: InflatedRecords[] = [];
  length = 0;

  add(count: number, bytes: Buffer): void {
    this.parts.push({ count, bytes: [bytes] });
    this.length += bytes.length;
  }

  addCut(cut: CutRecord): void {
    const bytes = [...(cut.key ? [cut.key] : []), cut.value, cut.headers];
    this.parts.push({ count: 1, bytes, cut });
    this.length += bytes.reduce((sum, { length }) => sum + length, 0);
  }
}
