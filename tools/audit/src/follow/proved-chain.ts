import { type ProvedHour } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { addBroken } from './proved-hour.ts';

/** What is proved of one partition in one store: hours that follow each other without a gap. */
export class ProvedChain {
  readonly hours: ProvedHour[] = [];
  private floor = 0;

  /** Up to where everything is proved, or was gone from Kafka before it could be. */
  get nextOffset(): number {
    return Math.max(this.floor, this.hours.at(-1)?.nextOffset ?? 0);
  }

  /** Append time of the last record that is proved; 0 when none is. */
  get lastMs(): number {
    return this.hours.at(-1)?.lastMs ?? 0;
  }

  /** An hour of an earlier run, in any order. */
  add(hour: ProvedHour): void {
    this.hours.push(hour);
    this.hours.sort((a, b) => a.startOffset - b.startOffset);
  }

  /** @returns the hour that these records belong to: the last one, made longer, or one of their own. */
  extend({ hour, startOffset, nextOffset, lastMs, stored, broken }: ProvedHour): ProvedHour {
    const last = this.hours.at(-1);
    // A window without records has no hour.
    const isSame = last !== undefined && last.nextOffset === startOffset && (hour === last.hour || hour < 0);
    if (!isSame) {
      const made = { hour: Math.max(0, hour), startOffset, nextOffset, lastMs, stored, broken };
      this.hours.push(made);
      return made;
    }
    last.nextOffset = nextOffset;
    last.lastMs = Math.max(last.lastMs, lastMs);
    last.stored += stored;
    addBroken(last, broken);
    return last;
  }

  /**
   * Kafka holds this much now. What has expired is forgotten, but for the last hour, which says where to go on. A log that
   * ends before that is another one under the same name: everything begins anew.
   * @returns what is forgotten.
   */
  startAt({ startOffset, endOffset }: PartitionExtent): ProvedHour[] {
    if (this.nextOffset > Number(endOffset)) {
      this.floor = Number(startOffset);
      return this.hours.splice(0);
    }
    this.floor = Number(startOffset);
    const kept = this.hours.findIndex(({ nextOffset }) => nextOffset > this.floor);
    return this.hours.splice(0, kept < 0 ? Math.max(0, this.hours.length - 1) : kept);
  }
}
