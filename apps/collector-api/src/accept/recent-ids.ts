import { type Durability } from '../publish/event-publisher.ts';
import { type Delivery } from './delivery.ts';
import { IdGeneration } from './id-generation.ts';

/**
 * The ids that were taken lately, so that a retried request finds itself. Two generations of half the capacity each:
 * when the younger is full, the older is dropped at once. So between half the capacity and all of it is remembered, and
 * neither a lookup nor an insertion has more to do when the memory is full.
 */
export class RecentIds {
  private young: IdGeneration;
  private old: IdGeneration;

  /** @param capacity most ids that are remembered; 0 remembers none. */
  constructor(private readonly capacity: number) {
    this.young = new IdGeneration(Math.ceil(capacity / 2));
    this.old = new IdGeneration(Math.ceil(capacity / 2));
  }

  /** The delivery that took this id; a failed one does not count. */
  find(id: string): Delivery | undefined {
    if (this.capacity === 0) return undefined;
    const delivery = this.young.find(id) ?? this.old.find(id);
    return delivery?.state === 'failed' ? undefined : delivery;
  }

  /** All ids of one request are remembered before those of the next. */
  remember(id: string, delivery: Delivery): void {
    if (this.capacity === 0) return;
    if (this.young.isFull) this.turn();
    this.young.remember(id, delivery);
    delivery.ids.push(id);
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
