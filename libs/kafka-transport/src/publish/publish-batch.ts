import { type EncodedRecords, type OutgoingRecord } from '@pipeline/kafka-wire';

/** Where a call's records became durable; `fallback` as soon as one of them went there. */
export type PublishedTo = 'broker' | 'fallback';

/** One call of `publish`: settled when each batch that holds a piece of it is. */
export interface Delivery {
  readonly resolve: (to: PublishedTo) => void;
  readonly reject: (error: Error) => void;
  openBatches: number;
  to: PublishedTo;
}

/** Records of many callers for one topic, on their way into one produce request. */
export class PublishBatch {
  readonly openedAtMs = performance.now();
  readonly sets: EncodedRecords[] = [];
  private readonly deliveries: Delivery[] = [];
  records = 0;
  bytes = 0;

  get callers(): number {
    return this.deliveries.length;
  }

  add(records: EncodedRecords): void {
    this.sets.push(records);
    this.records += records.count;
    this.bytes += records.sizeBound;
  }

  /** The records as they were before they were encoded. */
  decode(): OutgoingRecord[] {
    return this.sets.flatMap((records) => records.decode());
  }

  /** Counts this batch as one of those that the call waits for. */
  join(delivery: Delivery): void {
    if (this.deliveries.at(-1) === delivery) return;
    this.deliveries.push(delivery);
    delivery.openBatches += 1;
  }

  succeed(to: PublishedTo): void {
    for (const delivery of this.deliveries) {
      delivery.openBatches -= 1;
      if (to === 'fallback') delivery.to = to;
      if (delivery.openBatches === 0) delivery.resolve(delivery.to);
    }
  }

  /** The first failure decides; later results of the same calls change nothing. */
  fail(error: Error): void {
    for (const delivery of this.deliveries) delivery.reject(error);
  }
}
