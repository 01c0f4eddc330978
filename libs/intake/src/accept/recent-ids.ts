import { type Durability } from '../publish/event-publisher.ts';
import { type Delivery } from './delivery.ts';
import { IdGeneration } from './id-generation.ts';
import { type IdTable } from './id-table.ts';
import { type UuidWords } from './uuid-words.ts';

/** Sets of a table that one memory takes. */
export const GENERATIONS = 2;

/**
 * The ids that were taken lately, so that a retried request finds itself. Two generations of half the capacity each:
 * when the younger is full, the older is dropped at once. So between half the capacity and all of it is remembered, and
 * neither a lookup nor an insertion has more to do when the memory is full.
 */
export class RecentIds {
  private young: IdGeneration;
  private old: IdGeneration;

  /**
   * @param capacity most ids that are remembered, at least 1.
   * @param table with room for half of it in each set, of which this takes the {@link GENERATIONS} from `firstSet` on.
   */
  constructor(capacity: number, table: IdTable, firstSet = 0) {
    const half = Math.ceil(capacity / GENERATIONS);
    this.young = new IdGeneration(half, table, firstSet, 0);
    this.old = new IdGeneration(half, table, firstSet + 1, 1);
  }

  /** The delivery that took this topic's event of this id; a failed one does not count. */
  find(words: UuidWords): Delivery | undefined {
    const delivery = this.young.find(words) ?? this.old.find(words);
    return delivery?.state === 'failed' ? undefined : delivery;
  }

  /** Whether an event that is found says the same as this one. */
  isSame(words: UuidWords, fingerprint: number): boolean {
    const generation = this.young.find(words) === undefined ? this.old : this.young;
    return generation.fingerprintOf(words) === fingerprint;
  }

  /**
   * All events of one request are remembered before those of the next. The delivery's list of ids is its owner's.
   * @returns whether the older generation had to go.
   */
  remember(words: UuidWords, fingerprint: number, delivery: Delivery): boolean {
    const isFull = this.young.isFull;
    if (isFull) this.turn();
    this.young.remember(words, fingerprint, delivery);
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
