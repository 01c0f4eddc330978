import { encodeRecords, type OutgoingRecord, RecordBatchBuilder, stampIdentity } from '@pipeline/kafka-wire';
import { BatchSealer } from './batch-sealer.ts';

const EVENTS = 500;

const headers = { event_type: 'select-color', schema_version: '1' };
const records = Array.from({ length: EVENTS }, (_, n): OutgoingRecord => ({
  key: `visitor ${n % 100}`,
  value: Buffer.alloc(260, `${n}`),
  headers,
}));
const encoded = encodeRecords(records);
const all = { topic: 'select-color', sets: [encoded] };
const sealer = new BatchSealer(
  {
    partitionCount: () => Promise.resolve(3),
    newIdentity: () => Promise.resolve({ producerId: 1n, epoch: 0 }),
  },
  { compression: 'none', idempotent: true },
);

async function encode(): Promise<Buffer> {
  const fresh = encodeRecords(records);
  const builder = new RecordBatchBuilder(fresh.sizeBound);
  for (let index = 0; index < fresh.count; index++) builder.add(fresh, index);
  return stampIdentity(await builder.build(0, { type: 0 }), undefined, -1);
}

export const benchmarks = {
  'encode a record batch, with its checksum': { events: EVENTS, run: encode },
  'assemble the batches of three partitions': { events: EVENTS, run: () => sealer.sealEncoded(all) },
};
