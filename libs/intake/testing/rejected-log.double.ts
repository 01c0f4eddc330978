import { EVENT_TOPICS } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type Origin } from '../src/origin.ts';
import { type RejectedLog, type RejectedValue } from '../src/reject/rejected-log.ts';
import { type KeptRecord, RejectedRecords } from '../src/reject/rejected-record.ts';

/** Keeps refused events, masked, as they would lie in Kafka. */
export class MemoryRejectedLog implements RejectedLog {
  readonly events: RejectedEvent[] = [];
  private readonly records = new RejectedRecords(EVENT_TOPICS, true);

  keep(rejected: readonly RejectedValue[], _bytes: number, origin: Origin): void {
    for (const each of rejected) this.add(this.records.ofEvent(each, origin));
  }

  keepMalformed(json: Buffer, origin: Origin): void {
    this.add(this.records.ofMalformed(json, origin));
  }

  private add({ record }: KeptRecord): void {
    this.events.push(JSON.parse(String(record.value)) as RejectedEvent);
  }
}
