import { type PartitionBatch } from '@pipeline/kafka-transport';
import { ByteReader, ByteWriter } from './byte-writer.ts';
import { encodeFrame, readFrame } from './spool-frame.ts';
import { KINDS, readBatches, writeBatches } from './spool-entry.ts';

/** A place in the spool: number of the segment, and byte in it. */
export interface SpoolPosition {
  readonly segment: number;
  readonly offset: number;
}

/** How far the spool has been brought to Kafka. */
export interface SpoolCheckpoint {
  /** Everything before it is in Kafka, once `pending` is. */
  readonly position: SpoolPosition;
  /** What was about to be sent when this was written, to the byte: perhaps it was, and then it is sent again. */
  readonly pending: readonly PartitionBatch[];
}

export function encodeCheckpoint({ position, pending }: SpoolCheckpoint): Buffer {
  const writer = new ByteWriter().uint32(position.segment).uint32(position.offset);
  writeBatches(writer, pending);
  return encodeFrame(KINDS.checkpoint, Date.now(), writer.done());
}

/** @returns nothing for bytes that are not a whole checkpoint. */
export function decodeCheckpoint(bytes: Buffer): SpoolCheckpoint | undefined {
  const frame = readFrame(bytes, 0);
  if (frame?.kind !== KINDS.checkpoint) return undefined;
  const reader = new ByteReader(frame.payload);
  const position = { segment: reader.uint32(), offset: reader.uint32() };
  return { position, pending: readBatches(reader) };
}
