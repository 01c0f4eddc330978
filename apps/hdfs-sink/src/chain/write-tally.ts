import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type RejectedRecord, type WriteReport } from '@pipeline/sink-runtime';
import { type JsonLines, rejectionOf } from './json-lines.ts';

/** Counts what became of records: those of one call, or those that no report has counted yet. */
export class WriteTally {
  private written = 0;
  private duplicates = 0;
  private rejected: readonly RejectedRecord[] = [];
  /** Start and end offsets of files of ours. */
  private ownFiles: (readonly [bigint, bigint])[] = [];

  /** Lines of a file that is published. */
  published(lines: number): void {
    this.written += lines;
  }

  /** Records that no file takes, whether the file with their neighbours is published or grows. */
  reject(rejected: JsonLines['rejected']): void {
    this.rejected = this.rejected.concat(rejected);
  }

  /** A file of ours: when its records come again, they are written and no duplicates. */
  own(startOffset: bigint, endOffset: bigint): void {
    this.ownFiles.push([startOffset, endOffset]);
  }

  owns(offset: bigint): boolean {
    return this.ownFiles.some(([first, last]) => first <= offset && offset <= last);
  }

  /**
   * A record whose offset an existing file covers. If it is one that no file takes, it is rejected again: whoever
   * published the file may have died before its dead letter was sent, and a second dead letter is better than none.
   */
  found(record: KafkaRecord, byUs: boolean): void {
    const rejection = rejectionOf(record);
    if (rejection) this.reject([rejection]);
    else if (byUs) this.written += 1;
    else this.duplicates += 1;
  }

  /** The counts of earlier calls; what they rejected is reported already. */
  carry({ written, duplicates }: WriteTally): void {
    this.written += written;
    this.duplicates += duplicates;
  }

  report(): WriteReport {
    return { written: this.written, duplicates: this.duplicates, rejected: this.rejected };
  }
}
