import { type EventTexts } from './event-texts.ts';
import { digitsOf, isNumberAt, type LineageEnd } from './lineage-end.ts';
import { type RecordDigests } from './record-digests.ts';

const COMMA = 0x2c;
const CLOSE_LIST = 0x5d;
const CLOSE_OBJECT = 0x7d;
const QUOTE = 0x22;
const HITS = Buffer.from('"hits":[');
const INDEX = Buffer.from('{"_index":"');
const ID = Buffer.from('","_id":"');
/** In a text its last quote would be escaped: so the first one behind the id is the key. */
const SOURCE = Buffer.from('"_source":');
const SORT = Buffer.from(',"sort":[');
/** What an answer has before its hits, and a hit around its id and its source, at most. */
const FRAME_BYTES = 4_096;

/** The documents that a part of a window must have, in the order of their offsets. */
export interface ExpectedHits {
  readonly texts: EventTexts;
  readonly records: RecordDigests;
  readonly lineage: LineageEnd;
  /** `[from, to)` of the window's records. */
  readonly from: number;
  readonly to: number;
}

/**
 * Compares a search answer, sorted by offset, with the documents that it must have, each byte for byte, and no others.
 * It takes the answer as it comes and keeps no more of it than a part of one chunk and one hit.
 */
export class HitsInStep {
  private bytes: Buffer = Buffer.allocUnsafeSlow(128 << 10);
  /** Bytes that wait: `[at, length)`. */
  private at = 0;
  private length = 0;
  private total = 0;
  private index = 0;
  /** Bytes of the last hit before its source. */
  private framed = 0;
  private state: 'head' | 'hits' | 'end' | 'other' = 'head';
  private expected!: ExpectedHits;

  /** The next answer is to be this. */
  expect(expected: ExpectedHits): void {
    this.expected = expected;
    this.clear();
  }

  /** An answer begins. */
  clear(): void {
    this.at = 0;
    this.length = 0;
    this.total = 0;
    this.index = this.expected.from;
    this.state = 'head';
  }

  /** @returns how many bytes there were. */
  append(chunk: Buffer): number {
    this.total += chunk.length;
    if (this.state === 'head' || this.state === 'hits') {
      this.put(chunk);
      this.go(false);
    }
    return this.total;
  }

  /** The answer has ended. @returns whether it was what it must be. */
  end(): boolean {
    this.go(true);
    return this.state === 'end';
  }

  private put(chunk: Buffer): void {
    const rest = this.length - this.at;
    const { bytes } = this;
    if (rest + chunk.length > bytes.length) {
      this.bytes = Buffer.allocUnsafeSlow(2 * (rest + chunk.length));
      bytes.copy(this.bytes, 0, this.at, this.length);
    } else bytes.copyWithin(0, this.at, this.length);
    this.at = 0;
    this.length = rest + chunk.copy(this.bytes, rest);
  }

  private go(isLast: boolean): void {
    const { to } = this.expected;
    if (this.state === 'head' && (isLast || this.length >= FRAME_BYTES)) {
      const hits = this.bytes.subarray(0, this.length).indexOf(HITS);
      this.state = hits < 0 ? 'other' : 'hits';
      this.at = hits + HITS.length;
    }
    while (this.state === 'hits' && (isLast || this.hasHit())) {
      if (this.index === to) this.state = this.bytes[this.at] === CLOSE_LIST ? 'end' : 'other';
      else this.takeHit();
    }
  }

  /** Whether the next hit is here as a whole if it is the right one, or else as much as shows that it is another. */
  private hasHit(): boolean {
    const { texts, to } = this.expected;
    const { index } = this;
    const body = index === to ? 0 : texts.bodyEnd(index) - texts.bodyStart(index);
    const id = index === to ? 0 : texts.idEnd(index) - texts.idStart(index);
    return this.length - this.at >= body + id + FRAME_BYTES;
  }

  private takeHit(): void {
    const { index } = this;
    let { at } = this;
    this.state = 'other';
    if (index > this.expected.from && this.bytes[at++] !== COMMA) return;
    const source = this.startOfSource(at);
    if (source < 0) return;
    const end = this.endOfHit(source);
    if (end < 0) return;
    this.framed = source - at;
    this.at = end;
    this.index = index + 1;
    this.state = 'hits';
  }

  /** `{"_index":"…","_id":"…",…,"_source":` with the record's id. @returns where the source starts, -1 where that is not so. */
  private startOfSource(at: number): number {
    const { bytes, index, length } = this;
    const { texts } = this.expected;
    if (!isAt(bytes, at, INDEX)) return -1;
    let end = at + INDEX.length;
    while (end < length && bytes[end] !== QUOTE) end += 1;
    if (!isAt(bytes, end, ID)) return -1;
    end += ID.length;
    const { ids } = texts;
    const idEnd = texts.idEnd(index);
    for (let from = texts.idStart(index); from < idEnd; from += 1) if (bytes[end++] !== ids[from]) return -1;
    if (bytes[end] !== QUOTE) return -1;
    // Most hits have frames of one length.
    const guess = at + this.framed - SOURCE.length;
    const start = guess > end && isAt(bytes, guess, SOURCE) ? guess : bytes.indexOf(SOURCE, end);
    return start < 0 ? -1 : start + SOURCE.length;
  }

  /** @returns behind the hit whose source starts at `at`, -1 where the source is another one. */
  private endOfHit(at: number): number {
    const { bytes, index } = this;
    const { texts, records, lineage } = this.expected;
    const offset = records.offsetAt(index);
    const [from, to] = [texts.bodyStart(index), texts.bodyEnd(index)];
    const body = at + to - from;
    const source = body + lineage.lengthFor(offset);
    if (source > this.length || !lineage.isAt(bytes, body, offset)) return -1;
    if (texts.bodies.compare(bytes, at, body, from, to) !== 0) return -1;
    const sort = source + SORT.length;
    const end = sort + digitsOf(offset);
    const isWhole =
      end + 2 <= this.length &&
      isAt(bytes, source, SORT) &&
      bytes[end] === CLOSE_LIST &&
      bytes[end + 1] === CLOSE_OBJECT;
    return isWhole && isNumberAt(bytes, sort, end, offset) ? end + 2 : -1;
  }
}

function isAt(bytes: Buffer, at: number, piece: Buffer): boolean {
  for (let index = 0; index < piece.length; index += 1) if (bytes[at + index] !== piece[index]) return false;
  return true;
}
