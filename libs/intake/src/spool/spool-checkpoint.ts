import { type BatchLayout, type PartitionBatch, type ProducerIdentity } from '@pipeline/kafka-transport';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { encodeFrame, readFrame } from './spool-frame.ts';
import { KINDS, readBatches } from './spool-entry.ts';

/** A place in the spool: number of the segment, and byte in it. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** As whom the records of a topic are sent: with it their batches can be made again, to the sequence. */
export interface SealedTopic {
  readonly topic: string;
  readonly layout: BatchLayout;
  readonly identity: ProducerIdentity;
  /** By partition; those that are not here are in Kafka. */
  readonly sequences: ReadonlyMap<number, number>;
}

/** What was about to be sent: perhaps it was, and then it is sent again under the same identity. */
export interface SealedUnit {
  /** Position behind it. */
  readonly end: SpoolPosition;
  readonly topics: readonly SealedTopic[];
}

/** How far the spool has been brought to Kafka. */
export interface SpoolCheckpoint {
  /** Everything before it is in Kafka. */
  readonly position: SpoolPosition;
  /** What follows it. */
  readonly sealed?: SealedUnit;
}

/** A few hundred bytes for each topic, and 8 for each partition. */
export function encodeCheckpoint({ position, sealed }: SpoolCheckpoint, generation: number): Buffer {
  const writer = new ByteWriter().uint32(generation);
  writePosition(writer, position);
  if (sealed !== undefined) {
    writePosition(writer, sealed.end);
    for (const topic of sealed.topics) writeTopic(writer, topic);
  }
  return encodeFrame(KINDS.progress, Date.now(), writer.done());
}

/** @returns nothing for bytes that do not begin with a whole checkpoint. */
export function decodeCheckpoint(
  bytes: Buffer,
): { readonly generation: number; readonly checkpoint: SpoolCheckpoint } | undefined {
  const frame = readFrame(bytes, 0);
  if (frame?.kind !== KINDS.progress) return undefined;
  const reader = new ByteReader(frame.payload);
  const generation = reader.uint32();
  const position = readPosition(reader);
  if (reader.isAtEnd) return { generation, checkpoint: { position } };
  const end = readPosition(reader);
  const topics: SealedTopic[] = [];
  while (!reader.isAtEnd) topics.push(readTopic(reader));
  return { generation, checkpoint: { position, sealed: { end, topics } } };
}

/** As versions before wrote it: the batches themselves, to the byte, and the position behind them. */
export function decodeEarlierCheckpoint(
  bytes: Buffer,
): { readonly position: SpoolPosition; readonly batches: readonly PartitionBatch[] } | undefined {
  const frame = readFrame(bytes, 0);
  if (frame?.kind !== KINDS.checkpoint) return undefined;
  const reader = new ByteReader(frame.payload);
  return { position: readPosition(reader), batches: readBatches(reader) };
}

function writePosition(writer: ByteWriter, { segment, offset }: SpoolPosition): void {
  writer.uint32(segment).uint32(offset);
}

function readPosition(reader: ByteReader): SpoolPosition {
  return { segment: reader.uint32(), offset: reader.uint32() };
}

function writeTopic(writer: ByteWriter, { topic, layout, identity, sequences }: SealedTopic): void {
  const producer = Buffer.alloc(8);
  producer.writeBigInt64BE(identity.producerId);
  writer.part(topic).uint32(layout.partitions).uint32(layout.keyless);
  writer
    .part(producer)
    .uint32(identity.epoch >>> 0)
    .uint32(sequences.size);
  for (const [partition, sequence] of sequences) writer.uint32(partition).uint32(sequence >>> 0);
}

function readTopic(reader: ByteReader): SealedTopic {
  const topic = reader.text();
  const layout = { partitions: reader.uint32(), keyless: reader.uint32() };
  const producerId = reader.part()!.readBigInt64BE();
  const identity = { producerId, epoch: reader.uint32() | 0 };
  const sequences = new Map<number, number>();
  for (let left = reader.uint32(); left > 0; left--) sequences.set(reader.uint32(), reader.uint32() | 0);
  return { topic, layout, identity, sequences };
}
