import { readHeaders, type RecordHeaders } from '../record-headers.ts';
import { type KafkaRecord } from './record-batch.ts';

/** What a packed record costs beside its bytes: its view (48), its place in the list (8) and the columns below (32). */
export const RECORD_OVERHEAD_BYTES = 88;

/** The length of a key, value or header value that is `null`. */
export const ABSENT = -1;

/** Where the parts of one record are in the bytes of its pack. */
export interface RecordPlace {
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
  /** Exact up to 2^53. */
  private readonly offsetDeltas: Float64Array;
  private readonly startNumber: number;
  private freed = false;
  /** By index, what records that were not read whole take. */
  private cuts: Map<number, number> | undefined;

  /**
   * @param bytes not from the pool that small buffers share: its slabs would outlive the batch.
   * @param startOffset what offsets are counted from; no record is before it.
   */
  constructor(
    readonly bytes: Buffer,
    private readonly startOffset: bigint,
    capacity: number,
  ) {
    this.keyStarts = new Uint32Array(capacity);
    this.keyLengths = new Int32Array(capacity);
    this.valueStarts = new Uint32Array(capacity);
    this.valueLengths = new Int32Array(capacity);
    this.timestamps = new Float64Array(capacity);
    this.offsetDeltas = new Float64Array(capacity);
    this.startNumber = Number(startOffset);
  }

  /** Memory of the records, in bytes. */
  get heldBytes(): number {
    return this.bytes.length + this.count * RECORD_OVERHEAD_BYTES;
  }

  /** A view of each record, which decodes what it is asked for at each call. The list is made by this call. */
  views(): readonly KafkaRecord[] {
    if (this.freed) throw new TypeError('The records were given back');
    return Array.from({ length: this.count }, (_none, index) => new PackedRecord(this, index));
  }

  /** Gives the memory back at once (the collector would wait); who reads a record afterwards gets a TypeError. */
  free(): void {
    (this.bytes.buffer as ArrayBuffer).transfer(0);
    this.freed = true;
  }

  add({ offsetDelta, timestampMs, keyStart, keyLength, valueStart, valueLength }: RecordPlace): void {
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

  offsetAt(index: number): bigint {
    return this.startOffset + BigInt(this.offsetDeltas[index]!);
  }

  /** Exact up to 2^53. */
  offsetNumberAt(index: number): number {
    return this.startNumber + this.offsetDeltas[index]!;
  }

  /** Decimal. A big integer of its own for each record would cost as much as the rest of its view. */
  offsetTextAt(index: number): string {
    const offset = this.offsetNumberAt(index);
    return offset <= Number.MAX_SAFE_INTEGER ? String(offset) : this.offsetAt(index).toString();
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
    return readHeaders({ bytes: this.bytes, at });
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

  get offset(): string {
    return this.pack.offsetTextAt(this.index);
  }

  get timestamp(): string {
    return this.pack.timestampAt(this.index).toString();
  }
}
