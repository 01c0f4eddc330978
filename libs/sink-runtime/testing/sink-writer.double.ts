import { type KafkaRecord } from '@pipeline/kafka-transport';
import {
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  type SinkWriter,
  type WriteReport,
} from '../src/sink-writer.ts';

/** What the next `write` does instead of storing. */
export type Fault = (range: RecordRange) => WriteReport | Promise<WriteReport>;

/** A store in memory: fails on demand, one fault per call, and knows every value it was given. */
export class MemorySinkWriter implements SinkWriter {
  readonly stored: string[] = [];
  readonly ranges: RecordRange[] = [];
  readonly faults: Fault[] = [];
  /** What the next `stage` does instead of taking its piece over. */
  readonly stageFaults: (() => Promise<never>)[] = [];
  /** Values that were staged and not written yet. */
  staged: string[] = [];
  /** Whether the store stages at all. */
  stages = false;

  open(): PartitionWriter {
    return {
      write: async (range) => {
        this.ranges.push(range);
        const fault = this.faults.shift();
        return fault ? fault(range) : this.store(range.records);
      },
      ...(this.stages && { stage: (piece: RecordRange) => this.stage(piece) }),
    };
  }

  store(records: readonly KafkaRecord[]): WriteReport {
    this.stored.push(...this.staged, ...records.map(({ value }) => String(value)));
    const written = this.staged.length + records.length;
    this.staged = [];
    return { written, duplicates: 0, rejected: [] };
  }

  private async stage({ records }: RecordRange): Promise<RejectedRecord[]> {
    const fault = this.stageFaults.shift();
    if (fault) return fault();
    const poison = records.filter(({ value }) => String(value) === 'poison');
    this.staged.push(
      ...records.filter((record) => !poison.includes(record)).map(({ value }) => String(value)),
    );
    return poison.map((record) => ({ record, code: 'not-json', message: 'no' }));
  }
}
