import { type PartitionExtent } from '@pipeline/kafka-transport';

/** Where an offset is: its record number, or why it has none. */
export type Place = number | 'expired' | 'later' | 'unknown';

interface Section {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  readonly first: number;
  /** What the partition held when the stores were looked at. */
  latestStart: number;
  latestEnd: number;
}

/**
 * Numbers the offsets of all partitions from 0, so that flat typed arrays can hold what is known about each. Offsets are
 * plain numbers here: a partition that takes a million records a second needs 285 years to 2^53.
 */
export class OffsetMap {
  readonly size: number;
  private readonly sections: Section[] = [];
  /** Of the record that was asked for last: they are asked for in order. */
  private latest: Section | undefined;
  private readonly byPartition = new Map<number, Section>();

  constructor(extents: readonly PartitionExtent[]) {
    let first = 0;
    for (const { partition, startOffset, endOffset } of extents) {
      const [start, end] = [Number(startOffset), Number(endOffset)];
      const section = { partition, start, end, first, latestStart: start, latestEnd: end };
      this.sections.push(section);
      this.byPartition.set(partition, section);
      first += end - start;
    }
    this.size = first;
  }

  /** What the partitions hold later on: records may have expired, and others come. */
  extend(extents: readonly PartitionExtent[]): void {
    for (const { partition, startOffset, endOffset } of extents) {
      const section = this.byPartition.get(partition) ?? this.addEmpty(partition);
      section.latestStart = Number(startOffset);
      section.latestEnd = Number(endOffset);
    }
  }

  /** Ends the records of a partition earlier than it was said; what lies behind came later. */
  cut(partition: number, end: number): void {
    const section = this.byPartition.get(partition);
    if (section !== undefined) Object.assign(section, { end });
  }

  place(partition: number, offset: number): Place {
    const section = this.byPartition.get(partition);
    if (section === undefined) return 'unknown';
    if (offset < section.latestStart || offset < section.start) return 'expired';
    if (offset < section.end) return section.first + offset - section.start;
    return offset < section.latestEnd ? 'later' : 'unknown';
  }

  /** Partition and offset of a record number. */
  origin(record: number): { readonly partition: number; readonly offset: number } {
    const section = this.sectionOf(record);
    return { partition: section.partition, offset: section.start + record - section.first };
  }

  /** Record numbers that retention has removed since the first look. */
  hasExpired(record: number): boolean {
    const { start, first, latestStart } = this.sectionOf(record);
    return start + record - first < latestStart;
  }

  partitionOf(record: number): number {
    return this.sectionOf(record).partition;
  }

  private sectionOf(record: number): Section {
    const { latest } = this;
    if (latest !== undefined && record >= latest.first && record - latest.first < latest.end - latest.start)
      return latest;
    const section = this.sections.findLast(({ first, start, end }) => first <= record && start < end)!;
    this.latest = section;
    return section;
  }

  private addEmpty(partition: number): Section {
    const section = { partition, start: 0, end: 0, first: this.size, latestStart: 0, latestEnd: 0 };
    this.byPartition.set(partition, section);
    return section;
  }
}
