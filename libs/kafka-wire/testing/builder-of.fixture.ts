import { type OutgoingRecord } from '../src/publish/outgoing-record.ts';
import { RecordBatchBuilder } from '../src/publish/record-batch-builder.ts';
import { encodeRecords } from '../src/publish/record-encoder.ts';

/** A batch of these records, not built yet. */
export function builderOf(records: readonly OutgoingRecord[]): RecordBatchBuilder {
  const encoded = encodeRecords(records);
  const builder = new RecordBatchBuilder(encoded.sizeBound);
  records.forEach((_, index) => builder.add(encoded, index));
  return builder;
}
