import { type Cursor, readVarint, readVarlong } from './cursor.ts';
import { RecordPack } from './record-pack.ts';

/** Undoes the compression of a batch by the codec in its attributes; nothing where it has none. */
export type Decompress = (attributes: number) => ((records: Buffer) => Promise<Buffer>) | undefined;

/** The fields of a record batch. Source: Kafka's `DefaultRecordBatch`, magic 2. */
const AT = {
  length: 8,
  magic: 16,
  attributes: 21,
  firstTimestamp: 27,
  maxTimestamp: 35,
  count: 57,
  records: 61,
} as const;
const LENGTH_END = 12;
const MAGIC = 2;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL_OR_CONTROL = 0x30;
const COMPRESSED = 0x07;

interface BatchRecords {
  readonly firstOffset: bigint;
  readonly count: number;
  readonly bytes: Buffer;
  /** What a record's own time is counted from, or the time of all of them. */
  readonly timestampMs: number;
  readonly hasOwnTimes: boolean;
}

/**
 * The records of one partition's part of a fetch answer from `fetchOffset` on, copied out of it once.
 * @returns nothing where kafkajs has to look closer: older formats, transactions, control records, and where no record is left.
 */
export async function packRecordSet(
  recordSet: Buffer,
  fetchOffset: bigint,
  decompress: Decompress,
): Promise<RecordPack | undefined> {
  const batches = wholeBatches(recordSet);
  if (!batches) return undefined;
  const sources: BatchRecords[] = [];
  // Only compressed batches have to be waited for, and few are.
  for (const batch of batches) sources.push(recordsOf(batch) ?? (await decompressed(batch, decompress)));
  const pack = copyOf(sources, fetchOffset);
  return pack.count === 0 ? undefined : pack;
}

/** The answer may end within a batch: it is cut where its largest size is reached. */
function wholeBatches(recordSet: Buffer): Buffer[] | undefined {
  const batches: Buffer[] = [];
  for (let start = 0, end = 0; start + AT.records <= recordSet.length; start = end) {
    if (recordSet[start + AT.magic] !== MAGIC) return undefined;
    if (recordSet.readInt16BE(start + AT.attributes) & TRANSACTIONAL_OR_CONTROL) return undefined;
    end = start + LENGTH_END + recordSet.readInt32BE(start + AT.length);
    if (end > recordSet.length) break;
    batches.push(recordSet.subarray(start, end));
  }
  return batches;
}

function recordsOf(batch: Buffer, bytes?: Buffer): BatchRecords | undefined {
  const attributes = batch.readInt16BE(AT.attributes);
  if (attributes & COMPRESSED && !bytes) return undefined;
  const hasOwnTimes = (attributes & LOG_APPEND_TIME) === 0;
  return {
    firstOffset: batch.readBigInt64BE(0),
    count: batch.readInt32BE(AT.count),
    bytes: bytes ?? batch.subarray(AT.records),
    timestampMs: Number(batch.readBigInt64BE(hasOwnTimes ? AT.firstTimestamp : AT.maxTimestamp)),
    hasOwnTimes,
  };
}

async function decompressed(batch: Buffer, decompress: Decompress): Promise<BatchRecords> {
  const attributes = batch.readInt16BE(AT.attributes);
  const codec = decompress(attributes);
  if (!codec) throw new TypeError(`A record batch in an unknown compression, ${attributes & COMPRESSED}`);
  return recordsOf(batch, await codec(batch.subarray(AT.records)))!;
}

function copyOf(sources: readonly BatchRecords[], fetchOffset: bigint): RecordPack {
  const length = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const bytes = Buffer.allocUnsafeSlow(length);
  const count = sources.reduce((sum, source) => sum + source.count, 0);
  const pack = new RecordPack(bytes, fetchOffset, count);
  const cursor: Cursor = { bytes, at: 0 };
  for (const source of sources) {
    source.bytes.copy(bytes, cursor.at);
    addRecords(pack, source, { cursor, firstDelta: Number(source.firstOffset - fetchOffset) });
  }
  return pack;
}

function addRecords(
  pack: RecordPack,
  { count, timestampMs, hasOwnTimes }: BatchRecords,
  { cursor, firstDelta }: { readonly cursor: Cursor; readonly firstDelta: number },
): void {
  for (let left = count; left > 0; left--) {
    const end = readVarint(cursor) + cursor.at;
    cursor.at += 1; // attributes: none are defined
    const timestampDelta = readVarlong(cursor);
    const offsetDelta = firstDelta + readVarint(cursor);
    const keyLength = readVarint(cursor);
    const keyStart = cursor.at;
    cursor.at += Math.max(0, keyLength);
    const valueLength = readVarint(cursor);
    if (offsetDelta >= 0) {
      const ownMs = hasOwnTimes ? timestampMs + timestampDelta : timestampMs;
      pack.add({ offsetDelta, timestampMs: ownMs, keyStart, keyLength, valueStart: cursor.at, valueLength });
    }
    cursor.at = end;
  }
}
