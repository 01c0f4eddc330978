import { type Durability } from '../publish/event-publisher.ts';
import { type Delivery, type RememberedEvent } from './delivery.ts';
import { IdGeneration } from './id-generation.ts';

/**
 * The ids that were taken lately, so that a retried request finds itself. Two generations of half the capacity each:
 * when the younger is full, the older is dropped at once. So between half the capacity and all of it is remembered, and
 * neither a lookup nor an insertion has more to do when the memory is full.
 */
export class RecentIds {
  private young: IdGeneration;
  private old: IdGeneration;

  /** @param capacity most ids that are remembered, at least 1. */
  constructor(capacity: number) {
    this.young = new IdGeneration(Math.ceil(capacity / 2));
    this.old = new IdGeneration(Math.ceil(capacity / 2));
  }

  /** The delivery that took this topic's event of this id; a failed one does not count. */
  find(event: RememberedEvent): Delivery | undefined {
    const delivery = this.young.find(event) ?? this.old.find(event);
    return delivery?.state === 'failed' ? undefined : delivery;
  }

  /** Whether an event that is found says the same as this one. */
  isSame(event: RememberedEvent): boolean {
    const generation = this.young.find(event) === undefined ? this.old : this.young;
    return generation.fingerprintOf(event) === event.fingerprint;
  }

  /**
   * All events of one request are remembered before those of the next.
   * @returns whether the older generation had to go.
   */
  remember(event: RememberedEvent, delivery: Delivery): boolean {
    const isFull = this.young.isFull;
    if (isFull) this.turn();
    this.young.remember(event, delivery);
    delivery.events.push(event);
    return isFull;
  }

  /** The ids of this delivery are found from now on, whatever becomes of others. */
  durable(delivery: Delivery, durability: Durability): void {
    delivery.state = 'durable';
    // What is in the spool says so as long as it is remembered.
    if (durability === 'spool') return;
    this.young.release(delivery);
    this.old.release(delivery);
  }

  /** Its ids are as good as forgotten. */
  failed(delivery: Delivery): void {
    delivery.state = 'failed';
    this.young.forget(delivery);
    this.old.forget(delivery);
  }

  private turn(): void {
    [this.young, this.old] = [this.old, this.young];
    this.young.clear();
  }
}
