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
  readonly range: RecordRange;
  readonly heldBytes: number;
  readonly batches: readonly Settle[];
}

/** Batches of one partition that wait for a flush, in order. */
export class RecordBuffer implements BufferState {
  private entries: Entry[] = [];
  records = 0;
  bytes = 0;
  heldBytes = 0;

  get oldestAtMs(): number {
    return this.entries[0]?.takenAtMs ?? 0;
  }

  add(batch: RecordBatch, takenAtMs: number, settle: Settle): void {
    this.entries.push({ batch, takenAtMs, settle });
    this.count(batch, 1);
  }

  /** Takes whole batches up to the policy's limits, at least one; the buffer must not be empty. */
  take({ maxRecords, maxBytes }: FlushPolicy): Flush {
    const taken: Entry[] = [];
    let records = 0;
    let bytes = 0;
    for (const entry of this.entries) {
      if (
        taken.length > 0 &&
        (records + entry.batch.records.length > maxRecords || bytes + entry.batch.bytes > maxBytes)
      ) {
        break;
      }
      taken.push(entry);
      records += entry.batch.records.length;
      bytes += entry.batch.bytes;
    }
    this.entries = this.entries.slice(taken.length);
    for (const { batch } of taken) this.count(batch, -1);
    return toFlush(taken);
  }

  /** Gives up everything: the partition is no longer ours. */
  clear(error: Error): void {
    for (const { settle } of this.entries) settle.lost(error);
    this.entries = [];
    this.records = this.bytes = this.heldBytes = 0;
  }

  private count(batch: RecordBatch, sign: 1 | -1): void {
    this.records += sign * batch.records.length;
    this.bytes += sign * batch.bytes;
    this.heldBytes += sign * batch.heldBytes;
  }
}

function toFlush(entries: readonly Entry[]): Flush {
  const first = entries[0]?.batch;
  const last = entries.at(-1)?.batch;
  if (!first || !last) throw new Error('An empty buffer cannot be flushed');
  const records: readonly KafkaRecord[] =
    entries.length === 1 ? first.records : entries.flatMap(({ batch }) => batch.records);
  return {
    range: {
      topic: first.topic,
      partition: first.partition,
      startOffset: first.startOffset,
      nextOffset: last.nextOffset,
      records,
    },
    heldBytes: entries.reduce((sum, { batch }) => sum + batch.heldBytes, 0),
    batches: entries.map(({ settle }) => settle),
  };
}
