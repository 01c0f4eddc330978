import { type Compress } from './compression.ts';
import { crc32c } from './crc32c.ts';
import { type EncodedRecords } from './encoded-records.ts';
import { WireReader } from './reader.ts';
import { varintSize, WireWriter } from './writer.ts';

/** Who produced a batch, so that the broker can tell a repetition from a new one. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly epoch: number;
}

/** Where the fields of a record batch are. Source: Kafka's `DefaultRecordBatch`, magic 2. */
export const BATCH_AT = {
  baseOffset: 0,
  length: 8,
  /** What `length` counts begins here. */
  lengthEnd: 12,
  magic: 16,
  crc: 17,
  attributes: 21,
  lastOffsetDelta: 23,
  firstTimestamp: 27,
  maxTimestamp: 35,
  producerId: 43,
  epoch: 51,
  sequence: 53,
  count: 57,
  records: 61,
} as const;
export const MAGIC = 2;
/** Bits of a batch's attributes. */
export const ATTRIBUTE = { codec: 0x07, logAppendTime: 0x08, transactional: 0x10, control: 0x20 } as const;
const INITIAL_BYTES = 8_192;
const LARGEST_SEQUENCE = 0x7fffffff;

/** Collects the records of one partition in Kafka's own format, in the order in which they are added. */
export class RecordBatchBuilder {
  private readonly writer: WireWriter;
  records = 0;

  /** @param sizeBound bytes of all records that will be added; more may follow. */
  constructor(sizeBound = INITIAL_BYTES) {
    this.writer = new WireWriter(BATCH_AT.records + sizeBound);
    this.writer.skip(BATCH_AT.records);
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
      const records = await compression.compress(batch.subarray(BATCH_AT.records));
      batch = Buffer.concat([batch.subarray(0, BATCH_AT.records), records]);
    }
    batch.fill(0, 0, BATCH_AT.records);
    batch.writeInt32BE(batch.length - BATCH_AT.lengthEnd, BATCH_AT.length);
    batch[BATCH_AT.magic] = MAGIC;
    batch.writeInt16BE(compression.type, BATCH_AT.attributes);
    batch.writeInt32BE(this.records - 1, BATCH_AT.lastOffsetDelta);
    batch.writeBigInt64BE(BigInt(epochMs), BATCH_AT.firstTimestamp);
    batch.writeBigInt64BE(BigInt(epochMs), BATCH_AT.maxTimestamp);
    batch.writeInt32BE(this.records, BATCH_AT.count);
    return batch;
  }
}

/** Writes producer and sequence into a batch, or that it has none, and the checksum, which comes last. @returns the batch. */
export function stampIdentity(
  batch: Buffer,
  identity: ProducerIdentity | undefined,
  sequence: number,
): Buffer {
  batch.writeBigInt64BE(identity?.producerId ?? -1n, BATCH_AT.producerId);
  batch.writeInt16BE(identity?.epoch ?? -1, BATCH_AT.epoch);
  batch.writeInt32BE(sequence, BATCH_AT.sequence);
  batch.writeUInt32BE(crc32c(batch, BATCH_AT.attributes), BATCH_AT.crc);
  return batch;
}

/** What `stampIdentity` has written; -1 everywhere where there is no identity. */
export function identityOf(batch: Buffer): ProducerIdentity & { readonly sequence: number } {
  return {
    producerId: batch.readBigInt64BE(BATCH_AT.producerId),
    epoch: batch.readInt16BE(BATCH_AT.epoch),
    sequence: batch.readInt32BE(BATCH_AT.sequence),
  };
}

/** The sequence after a batch; it wraps as the broker's does. */
export function nextSequence(sequence: number, records: number): number {
  const next = sequence + records;
  return next > LARGEST_SEQUENCE ? next - LARGEST_SEQUENCE - 1 : next;
}

export function recordsOfBatch(batch: Buffer): number {
  return batch.readInt32BE(BATCH_AT.count);
}

/** What a batch says about itself, and its records if it is not compressed; for specs and for a look into a spool. */
export function readRecordBatch(batch: Buffer): {
  readonly producerId: bigint;
  readonly sequence: number;
  readonly records: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[];
} {
  const reader = new WireReader(batch, BATCH_AT.records);
  const records = Array.from({ length: recordsOfBatch(batch) }, () => {
    const length = reader.varint();
    const end = length + reader.at;
    reader.at += 2; // attributes and time delta
    reader.varint(); // offset delta
    const record = { key: reader.part(), value: reader.part() };
    reader.at = end;
    return record;
  });
  const { producerId, sequence } = identityOf(batch);
  return { producerId, sequence, records };
}
