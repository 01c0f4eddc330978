import { crc32c } from '../client/crc32c.ts';
import { BatchWriter, varintSize } from './batch-writer.ts';
import { type OutgoingRecord } from './outgoing-record.ts';

/** Who produced a batch, so that the broker can tell a repetition from a new one. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** Where a batch's fields are. Source: `DefaultRecordBatch` of Kafka, magic 2. */
const AT = {
  length: 8,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastDelta: 23,
  firstTime: 27,
  maxTime: 35,
} as const;
const IDENTITY_AT = { producerId: 43, epoch: 51, sequence: 53, records: 57 } as const;
const HEADER_BYTES = 61;
const INITIAL_BYTES = 8_192;
const LARGEST_SEQUENCE = 0x7fffffff;

export type Compress = (records: Buffer) => Promise<Buffer>;

/** Collects the records of one partition in Kafka's own format, in the order in which they are added. */
export class RecordBatchBuilder {
  private readonly writer = new BatchWriter(INITIAL_BYTES);
  private headers: OutgoingRecord['headers'];
  private encodedHeaders = NO_HEADERS;
  records = 0;

  constructor() {
    this.writer.skip(HEADER_BYTES);
  }

  add({ key, value, headers }: OutgoingRecord): void {
    if (headers !== this.headers) {
      this.encodedHeaders = encodeHeaders(headers);
      this.headers = headers;
    }
    const keySize = sizeOf(key);
    const valueSize = sizeOf(value);
    const size =
      2 + varintSize(this.records) + partSize(keySize) + partSize(valueSize) + this.encodedHeaders.length;
    const { writer } = this;
    writer.reserve(size + 5);
    writer.varint(size);
    writer.byte(0); // attributes: none are defined
    writer.byte(0); // time delta: the records of a batch share its time
    writer.varint(this.records);
    writePart(writer, key, keySize);
    writePart(writer, value, valueSize);
    writer.raw(this.encodedHeaders, this.encodedHeaders.length);
    this.records += 1;
  }

  /** The whole batch but for `stampIdentity`, which completes it. The builder must not be used afterwards. */
  async build(
    epochMs: number,
    compression: { readonly type: number; readonly compress?: Compress },
  ): Promise<Buffer> {
    let batch = this.writer.view();
    if (compression.compress) {
      const records = await compression.compress(batch.subarray(HEADER_BYTES));
      batch = Buffer.concat([batch.subarray(0, HEADER_BYTES), records]);
    }
    batch.fill(0, 0, HEADER_BYTES);
    batch.writeInt32BE(batch.length - AT.length - 4, AT.length);
    batch[AT.magic] = 2;
    batch.writeInt16BE(compression.type, AT.attributes);
    batch.writeInt32BE(this.records - 1, AT.lastDelta);
    batch.writeBigInt64BE(BigInt(epochMs), AT.firstTime);
    batch.writeBigInt64BE(BigInt(epochMs), AT.maxTime);
    batch.writeInt32BE(this.records, IDENTITY_AT.records);
    return batch;
  }
}

/** Writes producer and sequence into a batch, or that it has none, and the checksum, which comes last. @returns the batch. */
export function stampIdentity(
  batch: Buffer,
  identity: ProducerIdentity | undefined,
  sequence: number,
): Buffer {
  batch.writeBigInt64BE(identity?.producerId ?? -1n, IDENTITY_AT.producerId);
  batch.writeInt16BE(identity?.epoch ?? -1, IDENTITY_AT.epoch);
  batch.writeInt32BE(sequence, IDENTITY_AT.sequence);
  batch.writeUInt32BE(crc32c(batch, AT.attributes), AT.crc);
  return batch;
}

/** The sequence after a batch; it wraps as the broker's does. */
export function nextSequence(sequence: number, records: number): number {
  const next = sequence + records;
  return next > LARGEST_SEQUENCE ? next - LARGEST_SEQUENCE - 1 : next;
}

export function recordsOfBatch(batch: Buffer): number {
  return batch.readInt32BE(IDENTITY_AT.records);
}

/** Bytes that a record takes in a batch, at most. */
export function recordSizeBound({ key, value, headers }: OutgoingRecord): number {
  let size = FRAMING_BYTES + Math.max(sizeOf(key), 0) + Math.max(sizeOf(value), 0);
  for (const name in headers) size += FRAMING_BYTES + name.length + sizeOf(headers[name] ?? null);
  return size;
}

const FRAMING_BYTES = 10;
const NULL_SIZE = -1;

function sizeOf(part: string | Buffer | null): number {
  if (part === null) return NULL_SIZE;
  return typeof part === 'string' ? Buffer.byteLength(part) : part.length;
}

function partSize(size: number): number {
  return varintSize(size) + Math.max(size, 0);
}

function writePart(writer: BatchWriter, part: string | Buffer | null, size: number): void {
  writer.varint(size);
  if (part !== null) writer.raw(part, size);
}

function encodeHeaders(headers: OutgoingRecord['headers']): Buffer {
  const entries = Object.entries(headers ?? {});
  const writer = new BatchWriter(256);
  writer.varint(entries.length);
  for (const [name, value] of entries) {
    const sizes = [sizeOf(name), sizeOf(value)] as const;
    writer.reserve(sizes[0] + sizes[1] + FRAMING_BYTES);
    writePart(writer, name, sizes[0]);
    writePart(writer, value, sizes[1]);
  }
  return writer.view();
}

const NO_HEADERS = encodeHeaders(undefined);
