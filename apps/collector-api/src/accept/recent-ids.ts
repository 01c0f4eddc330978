import { type Durability } from '../publish/event-publisher.ts';

/** The events of one request on their way to being durable; all their ids share this object. */
export interface Delivery {
  state: 'open' | 'durable' | 'failed';
  /** Settles with the publisher's answer; set before anybody else can find the delivery. */
  done: Promise<Durability> | undefined;
}

/**
 * The ids that were taken lately, so that a retried request finds itself. Two generations of half the capacity each:
 * when the younger is full, the older is dropped at once. So between half the capacity and all of it is remembered, and
 * neither a lookup nor an insertion has more to do when the memory is full.
 */
export class RecentIds {
  private young = new Map<string, Delivery>();
  private old = new Map<string, Delivery>();
  private readonly generation: number;

  /** @param capacity most ids that are remembered; 0 remembers none. */
  constructor(capacity: number) {
    this.generation = Math.ceil(capacity / 2);
  }

  /** The delivery that took this id; a failed one does not count. */
  find(id: string): Delivery | undefined {
    const delivery = this.young.get(id) ?? this.old.get(id);
    return delivery?.state === 'failed' ? undefined : delivery;
  }

  remember(id: string, delivery: Delivery): void {
    if (this.generation === 0) return;
    if (this.young.size >= this.generation) {
      this.old = this.young;
      this.young = new Map();
    }
    this.young.set(id, delivery);
  }
}
