import { WireReader } from './reader.ts';
import { readHeaders, type RecordHeaders } from './record-headers.ts';

/** One record as Kafka carries it. Nothing is decoded: value and key are the bytes that were produced. */
export interface KafkaRecord {
  readonly key: Buffer | null;
  /** `null` is a tombstone. */
  readonly value: Buffer | null;
  readonly headers?: RecordHeaders;
  readonly offset: number;
  /** Milliseconds since the epoch; the broker's append time for event topics. */
  readonly timestamp: number;
  /**
   * What the whole record takes, where it inflated to more than a consumer may hold: value and key are then no more than
   * its beginning, and must not be stored as if they were all.
   */
  readonly cutFromBytes?: number | undefined;
}

/** What a packed record costs beside its bytes: its view (48), its place in the list (8) and the columns below (32). */
export const RECORD_OVERHEAD_BYTES = 88;

/** The length of a key, value or header value that is `null`. */
export const ABSENT = -1;

/** Where the parts of one record are in the bytes of its pack. */
export interface PlaceInPack {
  /** From the pack's first possible offset. */
  readonly offsetDelta: number;
  readonly timestampMs: number;
  readonly keyStart: number;
  readonly keyLength: number;
  readonly valueStart: number;
  /** Its headers follow the value, in Kafka's own format. */
  readonly valueLength: number;
}

/**
 * Records of one partition in one buffer that is theirs alone; columns say where each part is. What kafkajs hands over
 * are views of a whole fetch answer, in objects of more than a kilobyte per record: one slow partition would keep the
 * bytes of all others in memory.
 */
export class RecordPack {
  count = 0;
  /** Bytes of all keys and values. */
  contentBytes = 0;
  private readonly keyStarts: Uint32Array;
  private readonly keyLengths: Int32Array;
  private readonly valueStarts: Uint32Array;
  private readonly valueLengths: Int32Array;
  private readonly timestamps: Float64Array;
  private readonly offsetDeltas: Float64Array;
  private freed = false;
  /** By index, what records that were not read whole take. */
  private cuts: Map<number, number> | undefined;

  /**
   * @param bytes not from the pool that small buffers share: its slabs would outlive the batch.
   * @param startOffset what offsets are counted from; no record is before it.
   */
  constructor(
    readonly bytes: Buffer,
    private readonly startOffset: number,
    capacity: number,
  ) {
    this.keyStarts = new Uint32Array(capacity);
    this.keyLengths = new Int32Array(capacity);
    this.valueStarts = new Uint32Array(capacity);
    this.valueLengths = new Int32Array(capacity);
    this.timestamps = new Float64Array(capacity);
    this.offsetDeltas = new Float64Array(capacity);
  }

  /** Memory of the records, in bytes. */
  get heldBytes(): number {
    return this.bytes.length + this.count * RECORD_OVERHEAD_BYTES;
  }

  /** Allocates one lazy view per record; each getter decodes on access. */
  views(): readonly KafkaRecord[] {
    if (this.freed) throw new TypeError('The records were given back');
    return Array.from({ length: this.count }, (_none, index) => new PackedRecord(this, index));
  }

  /** Gives the memory back at once (the collector would wait); who reads a record afterwards gets a TypeError. */
  free(): void {
    (this.bytes.buffer as ArrayBuffer).transfer(0);
    this.freed = true;
  }

  add({ offsetDelta, timestampMs, keyStart, keyLength, valueStart, valueLength }: PlaceInPack): void {
    const index = this.count++;
    this.keyStarts[index] = keyStart;
    this.keyLengths[index] = keyLength;
    this.valueStarts[index] = valueStart;
    this.valueLengths[index] = valueLength;
    this.timestamps[index] = timestampMs;
    this.offsetDeltas[index] = offsetDelta;
    this.contentBytes += Math.max(0, keyLength) + Math.max(0, valueLength);
  }

  /** The record that was added last was not read whole. */
  markCut(wholeBytes: number): void {
    this.cuts ??= new Map();
    this.cuts.set(this.count - 1, wholeBytes);
  }

  wholeBytesAt(index: number): number | undefined {
    return this.cuts?.get(index);
  }

  offsetAt(index: number): number {
    return this.startOffset + this.offsetDeltas[index]!;
  }

  timestampAt(index: number): number {
    return this.timestamps[index]!;
  }

  keyAt(index: number): Buffer | null {
    return this.view(this.keyStarts[index]!, this.keyLengths[index]!);
  }

  valueAt(index: number): Buffer | null {
    return this.view(this.valueStarts[index]!, this.valueLengths[index]!);
  }

  headersAt(index: number): RecordHeaders {
    const at = this.valueStarts[index]! + Math.max(0, this.valueLengths[index]!);
    return readHeaders(new WireReader(this.bytes, at));
  }

  private view(start: number, length: number): Buffer | null {
    return length === ABSENT ? null : this.bytes.subarray(start, start + length);
  }
}

class PackedRecord implements KafkaRecord {
  constructor(
    private readonly pack: RecordPack,
    private readonly index: number,
  ) {}

  get key(): Buffer | null {
    return this.pack.keyAt(this.index);
  }

  get value(): Buffer | null {
    return this.pack.valueAt(this.index);
  }

  get headers(): RecordHeaders {
    return this.pack.headersAt(this.index);
  }

  get cutFromBytes(): number | undefined {
    return this.pack.wholeBytesAt(this.index);
  }

  get offset(): number {
    return this.pack.offsetAt(this.index);
  }

  get timestamp(): number {
    return this.pack.timestampAt(this.index);
  }
}
