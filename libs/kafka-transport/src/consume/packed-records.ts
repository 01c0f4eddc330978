import { type KafkaMessage } from 'kafkajs';
import { type KafkaHeaders, type KafkaRecord } from './record-batch.ts';

/** What a packed record costs beside its bytes: its view (48), its place in the list and the columns below (32). */
export const RECORD_OVERHEAD_BYTES = 80;

const ABSENT = -1;
/** Of a header's name and value. */
const LENGTH_BYTES = 4;

type HeaderValue = Buffer | string | null | undefined;

/** Records in one buffer of their own. */
export interface PackedRecords {
  readonly count: number;
  /** Memory of the records, in bytes. */
  readonly heldBytes: number;
  /** A view of each record, which decodes what it is asked for at each call. The list is made by this call. */
  readonly views: () => readonly KafkaRecord[];
  /** Gives the memory back at once (the collector would wait); who reads a record afterwards gets a TypeError. */
  readonly free: () => void;
}

/**
 * Copies records into one buffer of exactly their bytes. What kafkajs hands over are views of a whole fetch answer,
 * in objects of more than a kilobyte per record: one slow partition would keep the bytes of all others in memory.
 */
export function packRecords(messages: readonly KafkaMessage[]): PackedRecords {
  let pack: RecordPack | undefined = new RecordPack(messages);
  const heldBytes = pack.bytes.length + messages.length * RECORD_OVERHEAD_BYTES;
  return { count: messages.length, heldBytes, views, free };

  function views(): readonly KafkaRecord[] {
    const present = pack;
    if (!present) throw new TypeError('The records were given back');
    return Array.from(
      { length: present.keyLengths.length },
      (_none, index) => new PackedRecord(present, index),
    );
  }

  function free(): void {
    (pack?.bytes.buffer as ArrayBuffer | undefined)?.transfer(0);
    pack = undefined;
  }
}

/** Key, value and headers of each record one after the other; columns say where. */
class RecordPack {
  readonly bytes: Buffer;
  readonly starts: Uint32Array;
  readonly keyLengths: Int32Array;
  readonly valueLengths: Int32Array;
  readonly offsets: BigInt64Array;
  readonly timestamps: Float64Array;

  constructor(messages: readonly KafkaMessage[]) {
    const count = messages.length;
    // Not from the pool that small buffers share: its slabs would outlive the batch.
    this.bytes = Buffer.allocUnsafeSlow(messages.reduce((sum, message) => sum + packedLength(message), 0));
    this.starts = new Uint32Array(count + 1);
    this.keyLengths = new Int32Array(count);
    this.valueLengths = new Int32Array(count);
    this.offsets = new BigInt64Array(count);
    this.timestamps = new Float64Array(count);
    let at = 0;
    for (const [index, message] of messages.entries()) at = this.add(message, index, at);
    this.starts[count] = at;
  }

  /** @returns where the next record starts. */
  private add(
    { key, value, headers, offset, timestamp }: KafkaMessage,
    index: number,
    start: number,
  ): number {
    this.starts[index] = start;
    this.keyLengths[index] = key?.length ?? ABSENT;
    this.valueLengths[index] = value?.length ?? ABSENT;
    this.offsets[index] = BigInt(offset);
    this.timestamps[index] = Number(timestamp);
    let at = start + (key?.copy(this.bytes, start) ?? 0);
    at += value?.copy(this.bytes, at) ?? 0;
    for (const name in headers) {
      for (const header of valuesOf(headers[name])) at = this.addHeader(name, header, at);
    }
    return at;
  }

  private addHeader(name: string, value: HeaderValue, at: number): number {
    const nameStart = at + LENGTH_BYTES;
    const nameEnd = nameStart + this.bytes.write(name, nameStart);
    const valueStart = nameEnd + LENGTH_BYTES;
    this.bytes.writeInt32LE(nameEnd - nameStart, at);
    this.bytes.writeInt32LE(isAbsent(value) ? ABSENT : Buffer.byteLength(value), nameEnd);
    if (isAbsent(value)) return valueStart;
    return (
      valueStart +
      (typeof value === 'string' ? this.bytes.write(value, valueStart) : value.copy(this.bytes, valueStart))
    );
  }
}

class PackedRecord implements KafkaRecord {
  constructor(
    private readonly pack: RecordPack,
    private readonly index: number,
  ) {}

  get key(): Buffer | null {
    return this.view(this.pack.starts[this.index]!, this.pack.keyLengths[this.index]!);
  }

  get value(): Buffer | null {
    return this.view(this.valueStart, this.pack.valueLengths[this.index]!);
  }

  get headers(): KafkaHeaders {
    const { bytes, starts, valueLengths } = this.pack;
    const end = starts[this.index + 1]!;
    const headers = Object.create(null) as Record<string, HeaderValue | HeaderValue[]>;
    for (let at = this.valueStart + Math.max(0, valueLengths[this.index]!); at < end;) {
      const nameStart = at + LENGTH_BYTES;
      const nameEnd = nameStart + bytes.readInt32LE(at);
      const length = bytes.readInt32LE(nameEnd);
      const name = bytes.toString('utf8', nameStart, nameEnd);
      at = nameEnd + LENGTH_BYTES;
      const value = this.view(at, length);
      const others = headers[name];
      headers[name] = name in headers ? [...valuesOf(others), value] : value;
      at += Math.max(0, length);
    }
    // A header without a value is `null` in kafkajs, which its typings leave out.
    return headers as KafkaHeaders;
  }

  get offset(): string {
    return this.pack.offsets[this.index]!.toString();
  }

  get timestamp(): string {
    return this.pack.timestamps[this.index]!.toString();
  }

  private get valueStart(): number {
    return this.pack.starts[this.index]! + Math.max(0, this.pack.keyLengths[this.index]!);
  }

  private view(start: number, length: number): Buffer | null {
    return length === ABSENT ? null : this.pack.bytes.subarray(start, start + length);
  }
}

function packedLength({ key, value, headers }: KafkaMessage): number {
  let length = (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) {
    const nameBytes = Buffer.byteLength(name);
    for (const header of valuesOf(headers[name])) {
      length += 2 * LENGTH_BYTES + nameBytes + (isAbsent(header) ? 0 : Buffer.byteLength(header));
    }
  }
  return length;
}

function isAbsent(value: HeaderValue): value is null | undefined {
  return value === null || value === undefined;
}

function valuesOf(header: HeaderValue | HeaderValue[]): HeaderValue[] {
  return Array.isArray(header) ? header : [header];
}
