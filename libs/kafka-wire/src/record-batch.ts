import { crc32c } from '../client/crc32c.ts';
import { BatchWriter, varintSize } from './batch-writer.ts';
import { type EncodedRecords } from './encoded-records.ts';

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
  private readonly writer: BatchWriter;
  records = 0;

  /** @param sizeBound bytes of all records that will be added; more may follow. */
  constructor(sizeBound = INITIAL_BYTES) {
    this.writer = new BatchWriter(HEADER_BYTES + sizeBound);
    this.writer.skip(HEADER_BYTES);
  }

  add(records: EncodedRecords, index: number): void {
    const { writer } = this;
    const start = records.startOf(index);
    const end = records.endOf(index);
    writer.varint(2 + varintSize(this.records) + end - start);
    writer.byte(0); // attributes: none are defined
    writer.byte(0); // time delta: the records of a batch share its time
    writer.varint(this.records);
    writer.copy(records.bytes, start, end);
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

/** What `stampIdentity` has written; -1 everywhere where there is no identity. */
export function identityOf(batch: Buffer): ProducerIdentity & { readonly sequence: number } {
  return {
    producerId: batch.readBigInt64BE(IDENTITY_AT.producerId),
    epoch: batch.readInt16BE(IDENTITY_AT.epoch),
    sequence: batch.readInt32BE(IDENTITY_AT.sequence),
  };
}

/** The sequence after a batch; it wraps as the broker's does. */
export function nextSequence(sequence: number, records: number): number {
  const next = sequence + records;
  return next > LARGEST_SEQUENCE ? next - LARGEST_SEQUENCE - 1 : next;
}

export function recordsOfBatch(batch: Buffer): number {
  return batch.readInt32BE(IDENTITY_AT.records);
}
