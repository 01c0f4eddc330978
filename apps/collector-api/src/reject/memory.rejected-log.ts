import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type Arrival, type RejectedLog, type RejectedValue } from './rejected-log.ts';
import { malformedRecord, rejectedRecord } from './rejected-record.ts';

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

/** Where refused events are not to be kept. */
export const NO_REJECTED_LOG: RejectedLog = { keep: () => undefined, keepBody: () => undefined };
