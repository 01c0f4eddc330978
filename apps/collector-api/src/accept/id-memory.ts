import { randomInt } from 'node:crypto';
import { type Durability } from '../publish/event-publisher.ts';
import { type Delivery, type RememberedEvent } from './delivery.ts';
import { RecentIds } from './recent-ids.ts';

/** One client fills no more than this part of what is remembered together for all. */
const SHARES = 32;

/** Clients are counted by their hash: two that share a counter share their part. */
const COUNTERS = 4_096;

/**
 * The events that were taken lately, of all clients. One that sends more than its share has the rest remembered among
 * the events of those who do the same, so that it can push out nobody's but theirs: what the many sent with few requests
 * each stays, however much one of them sends.
 */
export class IdMemory {
  private readonly common: RecentIds;
  private readonly crowded: RecentIds;
  private readonly share: number;
  /** Events of the younger common generation, by the hash of their client. */
  private readonly counts = new Uint32Array(COUNTERS);
  private readonly seed = randomInt(2 ** 32);

  /** @param capacity most events that are remembered of all clients, and once more of those beyond their share; 0 for none. */
  constructor(private readonly capacity: number) {
    this.common = new RecentIds(Math.max(1, capacity));
    this.crowded = new RecentIds(Math.max(1, capacity));
    this.share = Math.ceil(capacity / SHARES);
  }

  /** The delivery that took this topic's event of this id; a failed one does not count. */
  find(event: RememberedEvent): Delivery | undefined {
    if (this.capacity === 0) return undefined;
    return this.common.find(event) ?? this.crowded.find(event);
  }

  /** Whether an event that is found says the same as this one. */
  isSame(event: RememberedEvent): boolean {
    const memory = this.common.find(event) === undefined ? this.crowded : this.common;
    return memory.isSame(event);
  }

  /** All events of one delivery, which are of one client, are remembered before those of the next. */
  remember(event: RememberedEvent, delivery: Delivery, client: string): void {
    if (this.capacity === 0) return;
    const counter = this.counterOf(client);
    delivery.isCrowded ??= this.counts[counter]! >= this.share;
    if (delivery.isCrowded) {
      this.crowded.remember(event, delivery);
      return;
    }
    if (this.common.remember(event, delivery)) this.counts.fill(0);
    this.counts[counter]! += 1;
  }

  /** The events of this delivery are found from now on, whatever becomes of others. */
  durable(delivery: Delivery, durability: Durability): void {
    this.memoryOf(delivery).durable(delivery, durability);
  }

  /** Its events are as good as forgotten. */
  failed(delivery: Delivery): void {
    this.memoryOf(delivery).failed(delivery);
  }

  private memoryOf({ isCrowded }: Delivery): RecentIds {
    return isCrowded === true ? this.crowded : this.common;
  }

  /** Source: FNV-1a, with a seed, so that no client can choose whose counter it shares. */
  private counterOf(client: string): number {
    let hash = this.seed;
    for (let at = 0; at < client.length; at += 1) hash = Math.imul(hash ^ client.charCodeAt(at), 0x01000193);
    return (hash ^ (hash >>> 15)) & (COUNTERS - 1);
  }
}
