export {
  COMPRESSIONS,
  type Compress,
  type Compression,
  CODEC,
  compressionType,
  compressor,
  inflate,
  inflateAtMost,
} from './compression.ts';
export {
  EncodedRecords,
  encodeRecords,
  KEYLESS,
  type OutgoingRecord,
  RecordEncoder,
} from './encoded-records.ts';
export { crc32c } from './crc32c.ts';
export { type FetchAnswer, type FetchQuestion, fetchRequest, readFetch } from './fetch.ts';
export { InflationShelves } from './inflation-shelf.ts';
export { LargeRecord } from './large-record.ts';
export { hashOfKey, murmur2 } from './murmur2.ts';
export { packRecords } from './pack-records.ts';
export {
  packRecordSet,
  type AbortedTransaction,
  type Unpacked,
  type UnpackOptions,
} from './pack-record-set.ts';
export {
  type PartitionBatch,
  type PartitionOutcome,
  type PartsRequest,
  produceRequest,
  readOutcomes,
} from './produce.ts';
export { WireReader } from './reader.ts';
export {
  identityOf,
  nextSequence,
  type ProducerIdentity,
  readRecordBatch,
  RecordBatchBuilder,
  recordsOfBatch,
  stampIdentity,
} from './record-batch.ts';
export {
  addHeader,
  type HeaderValue,
  headerEntries,
  headerText,
  type MutableHeaders,
  noHeaders,
  type RecordHeaders,
} from './record-headers.ts';
export { type KafkaRecord, RecordPack } from './record-pack.ts';
export { WireWriter } from './writer.ts';
