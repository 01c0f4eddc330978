import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type LoggedRecord } from '../ledger/ledger.ts';
import { type RecordRange } from './followed-kafka.ts';
import { type RecordDigests } from './record-digests.ts';

/** Of a topic: five minutes of 1,000 records/s, in 20 bytes each. */
const MAX_RECORDS = 300_000;

/**
 * What the loop of Elasticsearch has read of a topic's records, for the loop of HDFS, whose sink commits later: records
 * are fetched and checked once for both. It is no more than a shorter way: what is not here is read from Kafka.
 */
export class RecentRecords {
  /** The oldest first; those of a partition do not overlap. */
  private kept: RecordDigests[] = [];
  private records = 0;

  keep(digests: RecordDigests): void {
    const isAside = (each: RecordDigests) =>
      each.partition !== digests.partition || each.nextOffset <= digests.startOffset;
    this.kept = [...this.kept.filter(isAside), digests];
    this.records = this.kept.reduce((sum, { count }) => sum + count, 0);
    while (this.records > MAX_RECORDS) this.records -= this.kept.shift()!.count;
  }

  /** Kafka holds this much now. A log that ends before what was read of it is another one under the same name. */
  startAt({ partition, startOffset, endOffset }: PartitionExtent): void {
    this.kept = this.kept.filter(
      (each) =>
        each.partition !== partition || (each.nextOffset > startOffset && each.nextOffset <= endOffset),
    );
  }

  /** Hands over what is known of a range, from its start on without a gap. @returns up to where. */
  read(range: RecordRange, onRecord: (record: LoggedRecord) => void): number {
    return this.each(range, (part, digests) => digests.each(part, onRecord));
  }

  /** The same into digests, up to where another hour begins. */
  copy(range: RecordRange, target: RecordDigests): number {
    return this.each(range, (part, digests) => digests.copyTo(target, part));
  }

  private each(range: RecordRange, onPart: (part: RecordRange, digests: RecordDigests) => void): number {
    let { startOffset } = range;
    for (const each of this.kept) {
      const goesOn = each.startOffset <= startOffset && startOffset < each.nextOffset;
      if (each.partition !== range.partition || !goesOn) continue;
      onPart({ ...range, startOffset }, each);
      startOffset = Math.min(range.nextOffset, each.nextOffset);
      if (startOffset === range.nextOffset) break;
    }
    return startOffset;
  }
}
