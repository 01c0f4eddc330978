import { type Durability } from '../publish/event-publisher.ts';
import { IdTable } from './id-table.ts';
import { wordsOf } from './uuid-words.ts';

/** The events of one request on their way to being durable; all their ids share this object. */
export class Delivery {
  state: 'open' | 'durable' | 'failed' = 'open';
  /** Settles with the publisher's answer; set before anybody else can find the delivery. */
  done: Promise<Durability> | undefined;
  /** By which its ids refer to it; absent while it has none. */
  number: number | undefined;
}

/** Stands for all that are in Kafka, of which nothing else is to be told. */
const IN_KAFKA = new Delivery();
IN_KAFKA.state = 'durable';
IN_KAFKA.done = Promise.resolve('kafka');

/**
 * The ids that were taken lately, so that a retried request finds itself. Two generations of half the capacity each:
 * when the younger is full, the older is dropped at once. So between half the capacity and all of it is remembered, and
 * neither a lookup nor an insertion has more to do when the memory is full. Ids are numbers in tables: remembered as
 * strings they live long enough to become the garbage collector's most expensive objects (decision 0012).
 */
export class RecentIds {
  private young: IdTable;
  private old: IdTable;
  /** The first delivery that the younger, the older generation can refer to. */
  private firstOfYoung = 1;
  private firstOfOld = 1;
  /** Deliveries that are not simply in Kafka: open, failed or in the spool. In the order of their numbers. */
  private readonly notable = new Map<number, Delivery>();
  private lastNumber = 0;
  private readonly generation: number;

  /** @param capacity most ids that are remembered; 0 remembers none. */
  constructor(capacity: number) {
    this.generation = Math.ceil(capacity / 2);
    this.young = new IdTable(this.generation);
    this.old = new IdTable(this.generation);
  }

  /** The delivery that took this id; a failed one does not count. */
  find(id: string): Delivery | undefined {
    if (this.generation === 0) return undefined;
    const words = wordsOf(id);
    const number = this.young.get(words) || this.old.get(words);
    if (number === 0) return undefined;
    const delivery = this.notable.get(number) ?? IN_KAFKA;
    return delivery.state === 'failed' ? undefined : delivery;
  }

  /** All ids of one delivery are remembered before those of the next. */
  remember(id: string, delivery: Delivery): void {
    if (this.generation === 0) return;
    const number = (delivery.number ??= this.register(delivery));
    if (this.young.size >= this.generation) this.turn(number);
    this.young.set(wordsOf(id), number);
  }

  /** Its ids are found from now on, wherever it became durable. */
  durable(delivery: Delivery, durability: Durability): void {
    delivery.state = 'durable';
    if (durability === 'kafka' && delivery.number !== undefined) this.notable.delete(delivery.number);
  }

  /** Its ids are as good as forgotten. */
  failed(delivery: Delivery): void {
    delivery.state = 'failed';
  }

  private register(delivery: Delivery): number {
    this.lastNumber += 1;
    this.notable.set(this.lastNumber, delivery);
    return this.lastNumber;
  }

  /** @param number of the delivery that goes on; some of its ids may be in the generation that becomes the old one. */
  private turn(number: number): void {
    const forgotten = this.old;
    this.old = this.young;
    this.young = forgotten;
    forgotten.clear();
    this.firstOfOld = this.firstOfYoung;
    this.firstOfYoung = number;
    for (const each of this.notable.keys()) {
      if (each >= this.firstOfOld) break;
      this.notable.delete(each);
    }
  }
}
