import { randomInt } from 'node:crypto';
import { type Durability } from '../publish/event-publisher.ts';
import { IdTable, type UuidWords, wordsOf } from './id-table.ts';

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

/** The events of one request and topic on their way to being durable; all their ids lead to this object. */
export class EventDelivery {
  state: 'open' | 'durable' | 'failed' = 'open';
  /** Whether its client had used up its share of the memory; settled with its first event. */
  isCrowded: boolean | undefined;
  /** Settles with the publisher's answer; set before anything else can find the delivery. */
  done: Promise<Durability> | undefined;
  /** Those of its ids that were remembered, in their order. */
  readonly ids: string[] = [];
  /** What the two generations that may hold its ids call it. */
  readonly numbers = [0, 0];

  constructor(
    readonly topic: string,
    /** Who counts as one. */
    readonly client: string,
  ) {}
}

/** Shared by all deliveries that are in Kafka. */
const IN_KAFKA = new EventDelivery('', '');
IN_KAFKA.state = 'durable';
IN_KAFKA.done = Promise.resolve('kafka');

/** Shared by all deliveries that failed. */
const FAILED = new EventDelivery('', '');
FAILED.state = 'failed';

/** The number of all deliveries that failed. */
const FAILED_NUMBER = 1;

/**
 * Ids, each with the number of its delivery. A delivery itself is kept while there is something to tell of it: that it is
 * open, or in the spool. In an array as it is: a Map that is filled and emptied all the time leaves chains of its former
 * tables in old memory, with all that these refer to (decision 0014).
 */
class IdGeneration {
  /** By number; nothing for one that is in Kafka. */
  private readonly deliveries: (EventDelivery | undefined)[];
  private readonly freeNumbers: number[] = [];
  private lastNumber = 0;
  private latest: EventDelivery | undefined;
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

  find(words: UuidWords): EventDelivery | undefined {
    const number = this.table.get(words, this.set);
    return number === 0 ? undefined : (this.deliveries[number] ?? IN_KAFKA);
  }

  /** Ids of the deliveries of one request may come mixed; all of them come before those of the next request. */
  remember(words: UuidWords, fingerprint: number, delivery: EventDelivery): void {
    if (delivery !== this.latest) this.register(delivery);
    this.table.set(words, this.set, this.latestNumber, fingerprint);
  }

  /** Of the event that is remembered under this id. */
  fingerprintOf(words: UuidWords): number {
    return this.table.fingerprintOf(words, this.set);
  }

  /** The delivery is in Kafka: its ids say so without it. */
  release(delivery: EventDelivery): void {
    const number = this.numberOf(delivery);
    if (number !== undefined) this.deliveries[number] = undefined;
  }

  /** The delivery failed: its ids say so without it, and its number is another's. Clients repeat what failed, for hours. */
  forget(delivery: EventDelivery): void {
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

  private register(delivery: EventDelivery): void {
    this.latestNumber = this.numberOf(delivery) ?? this.freeNumbers.pop() ?? (this.lastNumber += 1);
    this.deliveries[this.latestNumber] = delivery;
    delivery.numbers[this.side] = this.latestNumber;
    this.latest = delivery;
  }

  /** The number of a delivery some events of which are here. */
  private numberOf(delivery: EventDelivery): number | undefined {
    const number = delivery.numbers[this.side]!;
    return this.deliveries[number] === delivery ? number : undefined;
  }
}

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
  find(words: UuidWords): EventDelivery | undefined {
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
  remember(words: UuidWords, fingerprint: number, delivery: EventDelivery): boolean {
    const isFull = this.young.isFull;
    if (isFull) this.turn();
    this.young.remember(words, fingerprint, delivery);
    return isFull;
  }

  /** The ids of this delivery are found from now on, whatever becomes of others. */
  durable(delivery: EventDelivery, durability: Durability): void {
    delivery.state = 'durable';
    // What is in the spool says so as long as it is remembered.
    if (durability === 'spool') return;
    this.young.release(delivery);
    this.old.release(delivery);
  }

  /** Its ids are as good as forgotten. */
  failed(delivery: EventDelivery): void {
    delivery.state = 'failed';
    this.young.forget(delivery);
    this.old.forget(delivery);
  }

  private turn(): void {
    [this.young, this.old] = [this.old, this.young];
    this.young.clear();
  }
}
