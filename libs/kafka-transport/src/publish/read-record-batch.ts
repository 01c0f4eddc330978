/** What a batch says about itself; records of uncompressed batches only. */
export interface ReadRecordBatch {
  readonly producerId: bigint;
  readonly sequence: number;
  readonly records: readonly { readonly key: Buffer | null; readonly value: Buffer | null }[];
}

const AT = { producerId: 43, sequence: 53, count: 57, records: 61 } as const;

/** Reads what `RecordBatchBuilder` wrote; for tests and for looking into a spool. */
export function readRecordBatch(batch: Buffer): ReadRecordBatch {
  const reader = new VarintReader(batch, AT.records);
  const records = Array.from({ length: batch.readInt32BE(AT.count) }, () => {
    const end = reader.varint() + reader.at;
    reader.at += 2; // attributes and time delta
    reader.varint(); // offset delta
    const record = { key: reader.part(), value: reader.part() };
    reader.at = end;
    return record;
  });
  return {
    producerId: batch.readBigInt64BE(AT.producerId),
    sequence: batch.readInt32BE(AT.sequence),
    records,
  };
}

class VarintReader {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
  }

  part(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}
