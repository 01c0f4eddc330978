import { type Delivery, FAILED, IN_KAFKA } from './delivery.ts';
import { type IdTable } from './id-table.ts';
import { type UuidWords, wordsOf } from './uuid-words.ts';

/** The number of all deliveries that failed. */
const FAILED_NUMBER = 1;

/**
 * Ids, each with the number of its delivery. A delivery itself is kept while there is something to tell of it: that it is
 * open, or in the spool. In an array as it is: a Map that is filled and emptied all the time leaves chains of its former
 * tables in old memory, with all that these refer to (decision 0014).
 */
export class IdGeneration {
  /** By number; nothing for one that is in Kafka. */
  private readonly deliveries: (Delivery | undefined)[];
  private readonly freeNumbers: number[] = [];
  private lastNumber = 0;
  private latest: Delivery | undefined;
  private latestNumber = 0;

  /**
   * @param table where its ids are, in the given set.
   * @param side 0 or 1: which of the two generations of a memory it is.
   */
  constructor(
    private readonly capacity: number,
    private readonly table: IdTable,
    private readonly set: number,
    private readonly side: 0 | 1,
  ) {
    this.deliveries = Array.from({ length: capacity + FAILED_NUMBER + 1 });
    this.clear();
  }

  get isFull(): boolean {
    return this.table.size(this.set) >= this.capacity || this.lastNumber > this.capacity;
  }

  find(words: UuidWords): Delivery | undefined {
    const number = this.table.get(words, this.set);
    return number === 0 ? undefined : (this.deliveries[number] ?? IN_KAFKA);
  }

  /** Ids of the deliveries of one request may come mixed; all of them come before those of the next request. */
  remember(words: UuidWords, fingerprint: number, delivery: Delivery): void {
    if (delivery !== this.latest) this.register(delivery);
    this.table.set(words, this.set, this.latestNumber, fingerprint);
  }

  /** Of the event that is remembered under this id. */
  fingerprintOf(words: UuidWords): number {
    return this.table.fingerprintOf(words, this.set);
  }

  /** The delivery is in Kafka: its ids say so without it. */
  release(delivery: Delivery): void {
    const number = this.numberOf(delivery);
    if (number !== undefined) this.deliveries[number] = undefined;
  }

  /** The delivery failed: its ids say so without it, and its number is another's. Clients repeat what failed, for hours. */
  forget(delivery: Delivery): void {
    const number = this.numberOf(delivery);
    if (number === undefined) return;
    for (const id of delivery.ids) {
      const words = wordsOf(id, delivery.topic);
      if (this.table.get(words, this.set) === number) this.table.set(words, this.set, FAILED_NUMBER);
    }
    this.deliveries[number] = undefined;
    this.freeNumbers.push(number);
    this.latest = undefined;
  }

  clear(): void {
    this.table.clear(this.set);
    this.deliveries.fill(undefined);
    this.deliveries[FAILED_NUMBER] = FAILED;
    this.lastNumber = FAILED_NUMBER;
    this.freeNumbers.length = 0;
    this.latest = undefined;
  }

  private register(delivery: Delivery): void {
    this.latestNumber = this.numberOf(delivery) ?? this.freeNumbers.pop() ?? (this.lastNumber += 1);
    this.deliveries[this.latestNumber] = delivery;
    delivery.numbers[this.side] = this.latestNumber;
    this.latest = delivery;
  }

  /** The number of a delivery some events of which are here. */
  private numberOf(delivery: Delivery): number | undefined {
    const number = delivery.numbers[this.side]!;
    return this.deliveries[number] === delivery ? number : undefined;
  }
}
