import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type LoggedRecord } from '../ledger/ledger.ts';
import { type RecordRange } from './followed-kafka.ts';

/** Of a topic: five minutes of 1,000 records/s, in 16 bytes each. */
const MAX_RECORDS = 300_000;

/** What a row is compared with, of the records of a range. */
export class RecordDigests {
  count = 0;
  private readonly offsets: Uint32Array;
  private readonly timestamps: Float64Array;
  private readonly fingerprints: Uint32Array;

  /** @param nextOffset of the records that were read; set when they were. */
  constructor(
    readonly partition: number,
    readonly startOffset: number,
    public nextOffset: number,
  ) {
    const size = nextOffset - startOffset;
    this.offsets = new Uint32Array(size);
    this.timestamps = new Float64Array(size);
    this.fingerprints = new Uint32Array(size);
  }

  add(offset: number, timestampMs: number, fingerprint: number): void {
    const index = this.count++;
    this.offsets[index] = offset - this.startOffset;
    this.timestamps[index] = timestampMs;
    this.fingerprints[index] = fingerprint;
  }

  each({ startOffset, nextOffset }: RecordRange, onRecord: (record: LoggedRecord) => void): void {
    for (let index = 0; index < this.count; index += 1) {
      const offset = this.startOffset + this.offsets[index]!;
      if (offset < startOffset || offset >= nextOffset) continue;
      const [timestamp, fingerprint] = [this.timestamps[index]!, this.fingerprints[index]!];
      onRecord({ offset, timestamp, value: null, fingerprint });
    }
  }
}

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
    let { startOffset } = range;
    for (const each of this.kept) {
      const goesOn = each.startOffset <= startOffset && startOffset < each.nextOffset;
      if (each.partition !== range.partition || !goesOn) continue;
      each.each({ ...range, startOffset }, onRecord);
      startOffset = Math.min(range.nextOffset, each.nextOffset);
      if (startOffset === range.nextOffset) break;
    }
    return startOffset;
  }
}
