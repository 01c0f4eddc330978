import { BatchInflation, type InflatedRecords } from './batch-inflation.ts';
import { int64At, WireReader } from './reader.ts';
import { ATTRIBUTE, BATCH_AT as AT, MAGIC } from './record-batch.ts';
import { ABSENT, RecordPack } from './record-pack.ts';

/** More than that is not inflated for one answer: the member would be silent for too long. */
const MOST_WORK_BYTES = 256 << 20;

/** A transaction that was aborted, as the broker names it. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
}

/** Where an inflation waits for the next answer, which begins with the same batch again. */
export interface InflationShelf {
  take(): BatchInflation | undefined;
  /** @returns false where there is no room: the batch is then inflated again from its beginning. */
  keep(inflation: BatchInflation): boolean;
  readonly hasRoom: boolean;
}

export interface UnpackOptions {
  readonly fetchOffset: number;
  /** No compressed batch is begun, nor gone on with, once so many bytes of records are taken. */
  readonly roomBytes: number;
  /** Ascending by offset. */
  readonly aborted?: readonly AbortedTransaction[];
  readonly shelf?: InflationShelf;
}

/** What became of one partition's part of a fetch answer. */
export interface Unpacked {
  readonly pack: RecordPack;
  /** Everything before is in the pack, or is no record for a consumer. */
  readonly nextOffset: number;
  /** What compressed batches have become. */
  readonly inflatedBytes: number;
}

interface BatchRecords extends InflatedRecords {
  readonly firstOffset: number;
  /** What a record's own time is counted from, or the time of all of them. */
  readonly timestampMs: number;
  readonly hasOwnTimes: boolean;
}

/**
 * The records of one partition's part of a fetch answer from `fetchOffset` on, copied out of it once; without those of
 * aborted transactions. A compressed batch may be more than there is room for: the pack then ends within it, and the next
 * fetch begins there.
 * @returns undefined if a batch is older than magic 2.
 */
export async function packRecordSet(
  recordSet: Buffer,
  options: UnpackOptions,
): Promise<Unpacked | undefined> {
  const batches = wholeBatches(recordSet);
  if (!batches) return undefined;
  const { fetchOffset, roomBytes } = options;
  const aborted = new AbortedProducers(options.aborted ?? []);
  const sources: BatchRecords[] = [];
  let nextOffset = fetchOffset;
  let [bytes, inflatedBytes] = [0, 0];
  for (const batch of batches) {
    const isCompressed = (batch.readInt16BE(AT.attributes) & ATTRIBUTE.codec) !== 0;
    if (isCompressed && bytes >= roomBytes) break;
    let isWhole = true;
    if (!aborted.has(batch)) {
      // Only compressed batches have to be waited for, and few are.
      const part = isCompressed ? await inflated(batch, roomBytes - bytes, options) : undefined;
      isWhole = part?.isWhole ?? true;
      for (const records of part?.records ?? [plainRecords(batch)]) {
        sources.push({ ...records, ...timesOf(batch) });
        bytes += lengthOf(records);
        if (isCompressed) inflatedBytes += lengthOf(records);
      }
    }
    if (!isWhole) break;
    nextOffset = lastOffsetOf(batch) + 1;
  }
  const pack = copyOf(sources, fetchOffset);
  if (pack.count > 0) nextOffset = Math.max(nextOffset, pack.offsetAt(pack.count - 1) + 1);
  return { pack, nextOffset, inflatedBytes };
}

/** The answer may end within a batch: it is cut where its largest size is reached. */
function wholeBatches(recordSet: Buffer): Buffer[] | undefined {
  const batches: Buffer[] = [];
  for (let start = 0, end = 0; start + AT.records <= recordSet.length; start = end) {
    if (recordSet[start + AT.magic] !== MAGIC) return undefined;
    end = start + AT.lengthEnd + recordSet.readInt32BE(start + AT.length);
    if (end > recordSet.length) break;
    batches.push(recordSet.subarray(start, end));
  }
  return batches;
}

/** Knows which batches are not for a consumer: control records, and records of transactions that were aborted. */
class AbortedProducers {
  private readonly open = new Set<number>();
  private begun = 0;

  constructor(private readonly transactions: readonly AbortedTransaction[]) {}

  has(batch: Buffer): boolean {
    const attributes = batch.readInt16BE(AT.attributes);
    if ((attributes & (ATTRIBUTE.transactional | ATTRIBUTE.control)) === 0) return false;
    const producerId = int64At(batch, AT.producerId);
    const lastOffset = lastOffsetOf(batch);
    for (; this.begun < this.transactions.length; this.begun++) {
      const { firstOffset, producerId: aborted } = this.transactions[this.begun]!;
      if (firstOffset > lastOffset) break;
      this.open.add(aborted);
    }
    if ((attributes & ATTRIBUTE.control) === 0) return this.open.has(producerId);
    // The first marker behind the beginning of an aborted transaction ends it.
    this.open.delete(producerId);
    return true;
  }
}

async function inflated(batch: Buffer, roomBytes: number, { fetchOffset, shelf }: UnpackOptions) {
  const kept = shelf?.take();
  const goesOn = kept?.continues(batch, fetchOffset);
  if (kept && !goesOn) await kept.close();
  const inflation = kept && goesOn ? kept : new BatchInflation(batch, roomBytes);
  const records = await inflation.take({
    fromDelta: fetchOffset - inflation.baseOffset,
    roomBytes,
    workBytes: shelf?.hasRoom ? MOST_WORK_BYTES : Number.POSITIVE_INFINITY,
  });
  const isWhole = inflation.isComplete;
  if (!isWhole && !shelf?.keep(inflation)) await inflation.close();
  return { records, isWhole };
}

function plainRecords(batch: Buffer): InflatedRecords {
  return { count: batch.readInt32BE(AT.count), bytes: [batch.subarray(AT.records)] };
}

function timesOf(batch: Buffer): Pick<BatchRecords, 'firstOffset' | 'timestampMs' | 'hasOwnTimes'> {
  const hasOwnTimes = (batch.readInt16BE(AT.attributes) & ATTRIBUTE.logAppendTime) === 0;
  const timestampMs = int64At(batch, hasOwnTimes ? AT.firstTimestamp : AT.maxTimestamp);
  return { firstOffset: int64At(batch, AT.baseOffset), timestampMs, hasOwnTimes };
}

function lengthOf({ bytes }: InflatedRecords): number {
  return bytes.reduce((sum, { length }) => sum + length, 0);
}

function lastOffsetOf(batch: Buffer): number {
  return int64At(batch, AT.baseOffset) + batch.readInt32BE(AT.lastOffsetDelta);
}

function copyOf(sources: readonly BatchRecords[], fetchOffset: number): RecordPack {
  const length = sources.reduce((sum, source) => sum + lengthOf(source), 0);
  const bytes = Buffer.allocUnsafeSlow(length);
  const count = sources.reduce((sum, source) => sum + source.count, 0);
  const pack = new RecordPack(bytes, fetchOffset, count);
  const reader = new WireReader(bytes);
  let end = 0;
  for (const source of sources) {
    for (const part of source.bytes) end += part.copy(bytes, end);
    const firstDelta = source.firstOffset - fetchOffset;
    if (source.cut) addCut(pack, source, { reader, firstDelta });
    else addRecords(pack, source, { reader, firstDelta });
    reader.at = end;
  }
  return pack;
}

function addCut(
  pack: RecordPack,
  { cut, timestampMs, hasOwnTimes }: BatchRecords,
  { reader, firstDelta }: { readonly reader: WireReader; readonly firstDelta: number },
): void {
  const { offsetDelta, timestampDelta, key, value, wholeBytes } = cut!;
  const keyLength = key?.length ?? ABSENT;
  pack.add({
    offsetDelta: firstDelta + offsetDelta,
    timestampMs: hasOwnTimes ? timestampMs + timestampDelta : timestampMs,
    keyStart: reader.at,
    keyLength,
    valueStart: reader.at + Math.max(0, keyLength),
    valueLength: value.length,
  });
  pack.markCut(wholeBytes);
}

function addRecords(
  pack: RecordPack,
  { count, timestampMs, hasOwnTimes }: BatchRecords,
  { reader, firstDelta }: { readonly reader: WireReader; readonly firstDelta: number },
): void {
  for (let left = count; left > 0; left--) {
    const end = reader.varint() + reader.at;
    reader.at += 1; // attributes: none are defined
    const timestampDelta = reader.varlong();
    const offsetDelta = firstDelta + reader.varint();
    const keyLength = reader.varint();
    const keyStart = reader.at;
    reader.at += Math.max(0, keyLength);
    const valueLength = reader.varint();
    if (offsetDelta >= 0) {
      const ownMs = hasOwnTimes ? timestampMs + timestampDelta : timestampMs;
      pack.add({ offsetDelta, timestampMs: ownMs, keyStart, keyLength, valueStart: reader.at, valueLength });
    }
    reader.at = end;
  }
}
