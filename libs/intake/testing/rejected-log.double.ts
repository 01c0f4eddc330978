import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type Arrival, type RejectedLog, type RejectedValue } from '../src/reject/rejected-log.ts';
import { malformedRecord, rejectedRecord } from '../src/reject/rejected-record.ts';

/** Keeps refused events as they would lie in Kafka. */
export class MemoryRejectedLog implements RejectedLog {
  readonly events: RejectedEvent[] = [];

  keep(rejected: readonly RejectedValue[], arrival: Arrival): void {
    for (const each of rejected) this.add(rejectedRecord(each, arrival, true).record.value);
  }

  keepBody(body: Buffer, arrival: Arrival): void {
    this.add(malformedRecord(body, arrival, true).record.value);
  }

  private add(value: string | Buffer | null): void {
    this.events.push(JSON.parse(String(value)) as RejectedEvent);
  }
}
