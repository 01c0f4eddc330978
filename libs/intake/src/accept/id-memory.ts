import { randomInt } from 'node:crypto';
import { type Durability } from '../publish/event-publisher.ts';
import { IdTable, wordsOf } from './id-table.ts';
import { type EventDelivery, GENERATIONS, RecentIds } from './recent-ids.ts';

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
  /** That of the client of the latest delivery. */
  private counter = 0;

  /** @param capacity most events that are remembered of all clients, and once more of those beyond their share; 0 for none. */
  constructor(private readonly capacity: number) {
    const most = Math.max(1, capacity);
    const table = new IdTable(Math.ceil(most / GENERATIONS), 2 * GENERATIONS);
    this.common = new RecentIds(most, table);
    this.crowded = new RecentIds(most, table, GENERATIONS);
    this.share = Math.ceil(capacity / SHARES);
  }

  /** The delivery that took this topic's event of this id; a failed one does not count. */
  find(id: string, topic: string): EventDelivery | undefined {
    if (this.capacity === 0) return undefined;
    const words = wordsOf(id, topic);
    return this.common.find(words) ?? this.crowded.find(words);
  }

  /** Whether the event that is found says the same as one of this fingerprint. */
  isSame(id: string, topic: string, fingerprint: number): boolean {
    const words = wordsOf(id, topic);
    const memory = this.common.find(words) === undefined ? this.crowded : this.common;
    return memory.isSame(words, fingerprint);
  }

  /**
   * All events of one request, which are of one client, are remembered before those of the next.
   * @param fingerprint of what the event says: 32 bits, unsigned.
   */
  remember(id: string, fingerprint: number, delivery: EventDelivery): void {
    if (this.capacity === 0) return;
    const words = wordsOf(id, delivery.topic);
    if (delivery.isCrowded === undefined) {
      this.counter = this.counterOf(delivery.client);
      delivery.isCrowded = this.counts[this.counter]! >= this.share;
    }
    delivery.ids.push(id);
    if (delivery.isCrowded) {
      this.crowded.remember(words, fingerprint, delivery);
      return;
    }
    if (this.common.remember(words, fingerprint, delivery)) this.counts.fill(0);
    this.counts[this.counter]! += 1;
  }

  /** The events of this delivery are found from now on, whatever becomes of others. */
  durable(delivery: EventDelivery, durability: Durability): void {
    this.memoryOf(delivery).durable(delivery, durability);
  }

  /** Its events are as good as forgotten. */
  failed(delivery: EventDelivery): void {
    this.memoryOf(delivery).failed(delivery);
  }

  private memoryOf({ isCrowded }: EventDelivery): RecentIds {
    return isCrowded === true ? this.crowded : this.common;
  }

  /** Source: FNV-1a, with a seed, so that no client can choose whose counter it shares. */
  private counterOf(client: string): number {
    let hash = this.seed;
    for (let at = 0; at < client.length; at += 1) hash = Math.imul(hash ^ client.charCodeAt(at), 0x01000193);
    return (hash ^ (hash >>> 15)) & (COUNTERS - 1);
  }
}
