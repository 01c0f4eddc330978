import {
  addHeader,
  headerEntries,
  noHeaders,
  type OutgoingRecord,
  type PartitionBatch,
} from '@pipeline/kafka-transport';
import { ByteReader, ByteWriter } from './byte-writer.ts';

/** Records by topic, in the order in which they are to be written. One topic, but for what an earlier version left. */
type TopicRecords = ReadonlyMap<string, readonly OutgoingRecord[]>;

/** Records that were never sent; their partition and identity are chosen when they are. */
export interface RecordsEntry {
  readonly kind: 'records';
  readonly topics: TopicRecords;
}

/** Batches that were sent and may have been written; they are sent again unchanged. */
export interface SealedEntry {
  readonly kind: 'sealed';
  readonly batches: readonly PartitionBatch[];
}

export type SpoolEntry = RecordsEntry | SealedEntry;

/** The byte of a frame that says what its payload is. */
export const KINDS = { records: 1, sealed: 2, checkpoint: 3, progress: 4 } as const;

export function encodeEntry(entry: SpoolEntry): Buffer {
  const writer = new ByteWriter();
  if (entry.kind === 'sealed') writeBatches(writer, entry.batches);
  else writeTopics(writer, entry.topics);
  return writer.done();
}

export function decodeEntry(kind: number, payload: Buffer): SpoolEntry {
  const reader = new ByteReader(payload);
  if (kind === KINDS.sealed) return { kind: 'sealed', batches: readBatches(reader) };
  return { kind: 'records', topics: readTopics(reader) };
}

function writeBatches(writer: ByteWriter, batches: readonly PartitionBatch[]): void {
  for (const { topic, partition, bytes } of batches) writer.part(topic).uint32(partition).part(bytes);
}

export function readBatches(reader: ByteReader): PartitionBatch[] {
  const batches: PartitionBatch[] = [];
  while (!reader.isAtEnd) {
    const topic = reader.text();
    batches.push({ topic, partition: reader.uint32(), bytes: reader.part()! });
  }
  return batches;
}

function writeTopics(writer: ByteWriter, topics: TopicRecords): void {
  for (const [topic, records] of topics) {
    writer.part(topic).uint32(records.length);
    for (const { key, value, headers = {} } of records) {
      const entries = headerEntries(headers);
      writer.part(key).part(value).uint32(entries.length);
      for (const [name, each] of entries) writer.part(name).part(each);
    }
  }
}

function readTopics(reader: ByteReader): TopicRecords {
  const topics = new Map<string, OutgoingRecord[]>();
  while (!reader.isAtEnd) {
    const topic = reader.text();
    topics.set(
      topic,
      Array.from({ length: reader.uint32() }, () => readRecord(reader)),
    );
  }
  return topics;
}

function readRecord(reader: ByteReader): OutgoingRecord {
  const key = reader.part();
  const value = reader.part();
  const headers = noHeaders();
  for (let count = reader.uint32(); count > 0; count--) {
    const name = reader.text();
    addHeader(headers, name, reader.part());
  }
  return { key, value, headers };
}
