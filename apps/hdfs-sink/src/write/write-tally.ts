import { type RecordLines } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord, type WriteReport } from '@pipeline/sink-runtime';
import { type JsonLines, rejectionOf } from './json-lines.ts';

/** Counts what became of the records of one range. */
export class WriteTally {
  private written = 0;
  private duplicates = 0;
  private rejected: RejectedRecord[] = [];

  constructor(private readonly lines: RecordLines) {}

  /** A file that this call published. */
  published({ lines, rejected }: JsonLines): void {
    this.written += lines;
    this.rejected = this.rejected.concat(rejected);
  }

  /** Records of a file that is still growing: they count as written once it is published. */
  staged(rejected: readonly RejectedRecord[]): void {
    this.rejected = this.rejected.concat(rejected);
  }

  /** What became of records in earlier calls. */
  carry({ written, duplicates }: Pick<WriteReport, 'written' | 'duplicates'>): void {
    this.written += written;
    this.duplicates += duplicates;
  }

  /**
   * A record whose offset an existing file covers. If it is one that no file takes, it is rejected again: whoever
   * published the file may have died before its dead letter was sent, and a second dead letter is better than none.
   */
  found(record: KafkaRecord, byUs: boolean): void {
    const rejection = rejectionOf(record, this.lines);
    if (rejection) this.rejected.push(rejection);
    else if (byUs) this.written += 1;
    else this.duplicates += 1;
  }

  report(): WriteReport {
    return { written: this.written, duplicates: this.duplicates, rejected: this.rejected };
  }
}
