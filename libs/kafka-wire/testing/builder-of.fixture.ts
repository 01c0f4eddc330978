import { encodeRecords, type OutgoingRecord } from '../src/encoded-records.ts';
import { RecordBatchBuilder } from '../src/record-batch.ts';

/** A batch of these records, not built yet. */
export function builderOf(records: readonly OutgoingRecord[]): RecordBatchBuilder {
  const encoded = encodeRecords(records);
  const builder = new RecordBatchBuilder(encoded.sizeBound);
  records.forEach((_, index) => builder.add(encoded, index));
  return builder;
}
