import { hashOfKey } from './murmur2.ts';
import { readHeaders, type RecordHeaders, writeHeaders } from './record-headers.ts';
import { WireWriter } from './writer.ts';
import { xxh32 } from './xxh32.ts';
import { WireReader } from './reader.ts';

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

type Headers = RecordHeaders | undefined;

/** A record whose value is a JSON object, the text of which comes in two pieces. */
export interface ObjectRecord {
  readonly key: string;
  /** An object of at least one field. */
  readonly json: string;
  /** More fields and the end: `,"name":"value"}`. It takes the place of the object's closing brace. */
  readonly moreFields: string;
  readonly headers: RecordHeaders | undefined;
}

const INITIAL_BYTES = 65_536;
const NO_HEADERS: RecordHeaders = {};
/** Sentinel: never equal to a caller's headers. */
const NONE_YET: Headers = {};

/** Writes records one behind the other, as record batches hold them. One after the other may use the same encoder. */
export class RecordEncoder {
  private readonly writer = new WireWriter(INITIAL_BYTES);
  private ends: number[] = [];
  private keyHashes: number[] = [];
  private headers: Headers = NONE_YET;
  /** Bytes of the last record's headers; the same object again is the same bytes again. */
  private headerBytes = 0;
  /** Where the last object's own fields begin and end. */
  private fieldsStart = 0;
  private fieldsEnd = 0;
  /** The writer's memory as it was when it was hashed. */
  private words: DataView = new DataView(new ArrayBuffer(0));

  /** Forgets everything that was not taken. */
  restart(): void {
    this.writer.length = 0;
    this.ends = [];
    this.keyHashes = [];
    this.headers = NONE_YET;
  }

  add({ key, value, headers }: OutgoingRecord): void {
    this.addKey(key);
    this.writer.part(value);
    this.end(headers);
  }

  /** @returns the bytes of its value. */
  addObject({ key, json, moreFields, headers }: ObjectRecord): number {
    this.addKey(key);
    const valueBytes = this.writer.text(json, moreFields);
    this.fieldsStart = this.writer.length - valueBytes;
    const jsonBytes = valueBytes + 1 - moreFields.length;
    // Of text that is all ASCII a character is a byte.
    const isAscii = jsonBytes === json.length;
    this.fieldsEnd = this.fieldsStart + (isAscii ? jsonBytes : Buffer.byteLength(json)) - 1;
    this.end(headers);
    return valueBytes;
  }

  /** A hash of the last object without the fields that were added to it; 32 bits, unsigned. */
  hashOfLast(seed: number): number {
    const { buffer, byteOffset, length } = this.writer.bytes;
    if (this.words.buffer !== buffer) this.words = new DataView(buffer, byteOffset, length);
    return xxh32(this.words, this.fieldsStart, this.fieldsEnd, seed);
  }

  dropLast(): void {
    this.ends.pop();
    this.keyHashes.pop();
    this.writer.length = this.ends.at(-1) ?? 0;
    this.headers = NONE_YET;
  }

  /** Everything since the start, or since it was taken the last time. */
  take(): EncodedRecords {
    const bytes = Buffer.allocUnsafe(this.writer.length);
    this.writer.view().copy(bytes);
    const records = new EncodedRecords(bytes, this.ends, this.keyHashes);
    this.restart();
    return records;
  }

  private addKey(key: string | Buffer | null): void {
    const { writer } = this;
    const bytes = writer.part(key);
    const hash = key === null ? KEYLESS : hashOfKey(writer.bytes, writer.length - bytes, writer.length);
    this.keyHashes.push(hash);
  }

  private end(headers: Headers): void {
    const { writer } = this;
    if (headers === this.headers) {
      const lastEnd = this.ends.at(-1)!;
      writer.repeat(writer.length - lastEnd + this.headerBytes, this.headerBytes);
    } else {
      const start = writer.length;
      writeHeaders(writer, headers ?? NO_HEADERS);
      this.headerBytes = writer.length - start;
      this.headers = headers;
    }
    this.ends.push(writer.length);
  }
}

const shared = new RecordEncoder();

/** Records as they are given, encoded. */
export function encodeRecords(records: readonly OutgoingRecord[]): EncodedRecords {
  shared.restart();
  for (const record of records) shared.add(record);
  return shared.take();
}
