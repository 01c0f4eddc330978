import { RecordBatchBuilder, stampIdentity } from './record-batch.ts';
import { encodeRecords } from './encoded-records.ts';
import { packRecordSet } from './pack-record-set.ts';

const BATCHES = 10;
const EVENTS = 5_000;

const batches: Buffer[] = [];
for (let batch = 0; batch < BATCHES; batch++) {
  const headers = { event_type: 'select-color', schema_version: '1' };
  const records = Array.from({ length: EVENTS / BATCHES }, (_, n) => ({
    ...{ key: `visitor ${n}`, value: Buffer.alloc(260, `${n}`), headers },
  }));
  const encoded = encodeRecords(records);
  const builder = new RecordBatchBuilder(encoded.sizeBound);
  for (let index = 0; index < encoded.count; index++) builder.add(encoded, index);
  const bytes = await builder.build(0, { type: 0 });
  bytes.writeBigInt64BE(BigInt((batch * EVENTS) / BATCHES));
  batches.push(stampIdentity(bytes, undefined, -1));
}
const answer = Buffer.concat(batches);

export const benchmarks = {
  'read the records of a fetch answer': {
    events: EVENTS,
    run: () => packRecordSet(answer, { fetchOffset: 0, roomBytes: 0 }),
  },
};
