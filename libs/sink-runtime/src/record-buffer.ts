import { type KafkaRecord, type RecordBatch } from '@pipeline/kafka-transport';
import { type BufferState, type FlushPolicy } from './flush-policy.ts';
import { type RecordRange } from './sink-writer.ts';

interface Entry {
  readonly batch: RecordBatch;
  readonly takenAtMs: number;
  readonly settle: Settle;
}

/** The two ends of a handler's promise. */
export interface Settle {
  readonly durable: () => void;
  readonly lost: (error: Error) => void;
}

/** What a flush took out of the buffer. */
export interface Flush {
  /** Without the records that were staged before. */
  readonly range: RecordRange;
  /** All records, staged ones too. */
  readonly records: number;
  readonly heldBytes: number;
  readonly batches: readonly Settle[];
}

/** Batches that left the buffer to be staged. */
export interface Piece {
  readonly range: RecordRange;
  readonly heldBytes: number;
  readonly entries: readonly Entry[];
}

const NOTHING_STAGED = { records: 0, bytes: 0, takenAtMs: 0, batches: [] as readonly Settle[] };

/** Batches of one partition that wait for a flush, in order: staged ones, of which only the promise is kept, then others. */
export class RecordBuffer implements BufferState {
  private entries: Entry[] = [];
  private staged = NOTHING_STAGED;
  private end = { topic: '', partition: 0, offset: 0n };
  /** Records and bytes, staged ones included; `heldBytes` without them. */
  records = 0;
  bytes = 0;
  heldBytes = 0;

  get oldestAtMs(): number {
    return this.staged.records > 0 ? this.staged.takenAtMs : (this.entries[0]?.takenAtMs ?? 0);
  }

  add(batch: RecordBatch, takenAtMs: number, settle: Settle): void {
    this.entries.push({ batch, takenAtMs, settle });
    this.count(batch, 1);
  }

  /** Takes whole batches up to the policy's limits, at least one unless some are staged; must not be empty. */
  take({ maxRecords, maxBytes }: FlushPolicy): Flush {
    let { records, bytes } = this.staged;
    const beyond = this.entries.findIndex(({ batch }) => {
      const first = records === 0;
      records += batch.count;
      bytes += batch.bytes;
      return !first && (records > maxRecords || bytes > maxBytes);
    });
    const { staged } = this;
    const { range, heldBytes, entries } = this.remove(beyond < 0 ? this.entries.length : beyond);
    this.staged = NOTHING_STAGED;
    this.records -= staged.records;
    this.bytes -= staged.bytes;
    const batches = [...staged.batches, ...entries.map(({ settle }) => settle)];
    return { range, records: staged.records + range.records.length, heldBytes, batches };
  }

  /** Takes everything that is not staged; there must be something. */
  takePiece(): Piece {
    return this.remove(this.entries.length);
  }

  /** The piece is staged: only its promises and its numbers are kept, and it may leave memory. */
  keepStaged({ range, entries }: Piece): void {
    const bytes = entries.reduce((sum, { batch }) => sum + batch.bytes, 0);
    const { staged } = this;
    this.staged = {
      records: staged.records + range.records.length,
      bytes: staged.bytes + bytes,
      takenAtMs: staged.records > 0 ? staged.takenAtMs : (entries[0]?.takenAtMs ?? 0),
      batches: [...staged.batches, ...entries.map(({ settle }) => settle)],
    };
    this.records += range.records.length;
    this.bytes += bytes;
    for (const { batch } of entries) batch.release();
  }

  /** Gives up everything: the partition is no longer ours. */
  clear(error: Error): void {
    for (const { lost } of this.staged.batches) lost(error);
    for (const { settle } of this.entries) settle.lost(error);
    this.entries = [];
    this.staged = NOTHING_STAGED;
    this.records = this.bytes = this.heldBytes = 0;
  }

  private remove(count: number): Piece {
    const entries = this.entries.slice(0, count);
    this.entries = this.entries.slice(count);
    for (const { batch } of entries) this.count(batch, -1);
    const last = entries.at(-1)?.batch;
    const startOffset = entries[0]?.batch.startOffset ?? this.end.offset;
    if (last) this.end = { topic: last.topic, partition: last.partition, offset: last.nextOffset };
    const { topic, partition, offset: nextOffset } = this.end;
    const range = { topic, partition, startOffset, nextOffset, records: recordsOf(entries) };
    return { range, heldBytes: entries.reduce((sum, { batch }) => sum + batch.heldBytes, 0), entries };
  }

  private count(batch: RecordBatch, sign: 1 | -1): void {
    this.records += sign * batch.count;
    this.bytes += sign * batch.bytes;
    this.heldBytes += sign * batch.heldBytes;
  }
}

function recordsOf(entries: readonly Entry[]): readonly KafkaRecord[] {
  const [only] = entries;
  return entries.length === 1 && only ? only.batch.records : entries.flatMap(({ batch }) => batch.records);
}
