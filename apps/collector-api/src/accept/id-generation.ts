import { type Delivery, FAILED, IN_KAFKA, type RememberedEvent } from './delivery.ts';
import { IdTable } from './id-table.ts';
import { wordsOf } from './uuid-words.ts';

/** The number of all deliveries that failed. */
const FAILED_NUMBER = 1;

/**
 * Ids, each with the number of its delivery. A delivery itself is kept while there is something to tell of it: that it is
 * open, or in the spool. In an array as it is: a Map that is filled and emptied all the time leaves chains of its former
 * tables in old memory, with all that these refer to (decision 0014).
 */
export class IdGeneration {
  private readonly table: IdTable;
  /** By number; nothing for one that is in Kafka. */
  private readonly deliveries: (Delivery | undefined)[];
  private readonly freeNumbers: number[] = [];
  private lastNumber = 0;
  private latest: Delivery | undefined;
  private latestNumber = 0;

  constructor(private readonly capacity: number) {
    this.table = new IdTable(capacity);
    this.deliveries = Array.from({ length: capacity + FAILED_NUMBER + 1 });
    this.clear();
  }

  get isFull(): boolean {
    return this.table.size >= this.capacity || this.lastNumber > this.capacity;
  }

  find({ id, topic }: RememberedEvent): Delivery | undefined {
    const number = this.table.get(wordsOf(id, topic));
    return number === 0 ? undefined : (this.deliveries[number] ?? IN_KAFKA);
  }

  /** Ids of the deliveries of one request may come mixed; all of them come before those of the next request. */
  remember({ id, topic, fingerprint }: RememberedEvent, delivery: Delivery): void {
    if (delivery !== this.latest) this.register(delivery);
    this.table.set(wordsOf(id, topic), this.latestNumber, fingerprint);
  }

  /** Of the event that is remembered under the same id and topic. */
  fingerprintOf({ id, topic }: RememberedEvent): number {
    return this.table.fingerprintOf(wordsOf(id, topic));
  }

  /** The delivery is in Kafka: its ids say so without it. */
  release(delivery: Delivery): void {
    const number = this.present(delivery);
    if (number !== undefined) this.deliveries[number] = undefined;
  }

  /** The delivery failed: its ids say so without it, and its number is another's. Clients repeat what failed, for hours. */
  forget(delivery: Delivery): void {
    let own: number | undefined;
    for (const event of delivery.events) {
      const number = this.numberOf(delivery, event);
      if (number === undefined) continue;
      own = number;
      this.table.set(wordsOf(event.id, event.topic), FAILED_NUMBER);
    }
    if (own === undefined) return;
    this.deliveries[own] = undefined;
    this.freeNumbers.push(own);
    this.latest = undefined;
  }

  clear(): void {
    this.table.clear();
    this.deliveries.fill(undefined);
    this.deliveries[FAILED_NUMBER] = FAILED;
    this.lastNumber = FAILED_NUMBER;
    this.freeNumbers.length = 0;
    this.latest = undefined;
  }

  private register(delivery: Delivery): void {
    this.latestNumber = this.present(delivery) ?? this.freeNumbers.pop() ?? (this.lastNumber += 1);
    this.deliveries[this.latestNumber] = delivery;
    this.latest = delivery;
  }

  /** The number of a delivery some events of which are here. */
  private present(delivery: Delivery): number | undefined {
    const { events } = delivery;
    return this.numberOf(delivery, events[0]) ?? this.numberOf(delivery, events.at(-1));
  }

  private numberOf(delivery: Delivery, event: RememberedEvent | undefined): number | undefined {
    if (event === undefined) return undefined;
    const number = this.table.get(wordsOf(event.id, event.topic));
    return this.deliveries[number] === delivery ? number : undefined;
  }
}
