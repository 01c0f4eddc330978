import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type PartitionWriter, type RecordRange, type SinkWriter, type WriteReport } from './sink-writer.ts';

/** What the next `write` does instead of storing. */
export type Fault = (range: RecordRange) => WriteReport | Promise<WriteReport>;

/** A store in memory: fails on demand, one fault per call, and knows every value it was given. */
export class MemorySinkWriter implements SinkWriter {
  readonly stored: string[] = [];
  readonly ranges: RecordRange[] = [];
  readonly faults: Fault[] = [];

  open(): PartitionWriter {
    return {
      write: async (range) => {
        this.ranges.push(range);
        const fault = this.faults.shift();
        return fault ? fault(range) : this.store(range.records);
      },
    };
  }

  store(records: readonly KafkaRecord[]): WriteReport {
    this.stored.push(...records.map(({ value }) => String(value)));
    return { written: records.length, duplicates: 0, rejected: [] };
  }
}
