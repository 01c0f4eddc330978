import { setTimeout as wait } from 'node:timers/promises';
import { backoffMs, BatchesLeftError, type BatchSender, TransportError } from '@pipeline/kafka-driver';
import { type PartitionBatch } from '@pipeline/kafka-wire';
import { type BatchSealer, type TopicSets } from './batch-sealer.ts';

/** How a delivery ended. */
export interface SendOutcome {
  /** Absent when the broker has acknowledged everything. What is no TransportError is an error of our own code. */
  readonly error?: Error;
  /** What was sent and may or may not have been written; absent when nothing of it can be in Kafka. */
  readonly unresolved?: readonly PartitionBatch[];
}

export interface SendPolicy {
  /** Attempts after the first. */
  readonly retries: number;
  /** Deliveries that may be under way together. */
  readonly maxInFlight: number;
}

/** How a delivery left the partitions to its successors; `unknown`: nothing may be written behind it as it is. */
type Ending = 'acknowledged' | 'refused' | 'unknown';

interface Delivery {
  readonly deadline: Deadline;
  /** Sealed and not acknowledged; absent before it is sealed. */
  left?: readonly PartitionBatch[];
  /** The broker has said that it missed what stands before, and nothing else was ever tried. */
  isUnwritten: boolean;
  isRepeating: boolean;
}

const RETRY = { initialMs: 50, maxMs: 500 };

/**
 * Sends records once, with repetitions that change nothing, and knows what it does not know at the deadline. Several
 * deliveries may be under way; they leave in their order, and because each carries the sequence that follows the one
 * before, the broker writes none of a partition before its predecessor. What fails waits for its predecessors before it
 * is repeated, and meanwhile nothing new may start.
 */
export class TimedSender {
  private readonly deliveries: Delivery[] = [];
  private lastSealed: Promise<unknown> = Promise.resolve();
  private lastEnding: Promise<Ending> = Promise.resolve('acknowledged');
  /** Partitions in which the broker knows our present producer; where it does not, it takes any sequence. */
  private readonly known = new Set<string>();

  constructor(
    private readonly sender: BatchSender,
    private readonly sealer: BatchSealer,
    private readonly policy: SendPolicy,
  ) {}

  /**
   * Resolves when Kafka would take a batch of the topic, as far as can be told without one.
   * @throws TransportError (as rejection) `broker-unavailable`.
   */
  async check(topic: string, timeoutMs: number): Promise<void> {
    const deadline = new Deadline(performance.now() + timeoutMs);
    try {
      await deadline.limit(this.sender.check(topic));
      await deadline.limit(this.sealer.prepare());
    } catch (error) {
      if (deadline.passed) this.sender.reset();
      throw error;
    } finally {
      deadline.clear();
    }
  }

  /** Whether one more delivery may start beside those under way. */
  get hasRoom(): boolean {
    const { deliveries } = this;
    return deliveries.length < this.policy.maxInFlight && !deliveries.some(({ isRepeating }) => isRepeating);
  }

  /**
   * Never rejects. Failures are told in the order of the calls.
   * @param deadlineMs on the clock of `performance.now()`, never before that of an earlier call.
   */
  send(records: TopicSets, deadlineMs: number): Promise<SendOutcome> {
    const before = this.deliveries.length === 0 ? Promise.resolve<Ending>('acknowledged') : this.lastEnding;
    const delivery: Delivery = {
      deadline: new Deadline(deadlineMs),
      isUnwritten: false,
      isRepeating: false,
    };
    this.deliveries.push(delivery);
    const outcome = this.deliver(delivery, records, before);
    this.lastEnding = outcome.then(endingOf);
    return outcome;
  }

  private async deliver(
    delivery: Delivery,
    records: TopicSets,
    before: Promise<Ending>,
  ): Promise<SendOutcome> {
    try {
      const sealed = await this.sealInTurn(delivery.deadline, records);
      delivery.left = sealed;
      if (!sealed.every((batch) => this.known.has(placeOf(batch)))) await before;
      await this.attempt(delivery, before);
      for (const batch of sealed) this.known.add(placeOf(batch));
      return {};
    } catch (error) {
      delivery.isRepeating = true;
      const ending = await before;
      this.retire();
      if (delivery.deadline.passed && ending !== 'unknown') this.sender.reset();
      return outcomeOf(delivery, error as Error);
    } finally {
      delivery.deadline.clear();
      this.deliveries.splice(this.deliveries.indexOf(delivery), 1);
    }
  }

  /** Sequences follow the order of the calls. */
  private sealInTurn(deadline: Deadline, records: TopicSets): Promise<PartitionBatch[]> {
    const sealed = this.lastSealed.then(() => deadline.limit(this.sealer.sealEncoded(records)));
    this.lastSealed = sealed.catch(() => undefined);
    return sealed;
  }

  private retire(): void {
    this.known.clear();
    this.sealer.retire();
  }

  private reseal({ deadline, left = [] }: Delivery): Promise<void> {
    this.known.clear();
    return deadline.limit(this.sealer.reseal(left));
  }

  private async attempt(delivery: Delivery, before: Promise<Ending>): Promise<void> {
    const { deadline } = delivery;
    for (let attempt = 0; ; attempt++) {
      const { left = [] } = delivery;
      try {
        return await deadline.limit(this.sender.send(left));
      } catch (error) {
        // Our own code would fail again in the same way.
        if (!(error instanceof TransportError)) throw error;
        const { code } = error;
        if (error instanceof BatchesLeftError) delivery.left = error.left;
        const isLost = code === 'sequence-lost';
        delivery.isUnwritten = isLost && attempt === 0 && delivery.left?.length === left.length;
        delivery.isRepeating = true;
        if (code === 'record-refused' || deadline.passed || attempt >= this.policy.retries) throw error;
        // A predecessor that is still open explains a lost sequence; without one the broker has forgotten us.
        const isFirst = this.deliveries[0] === delivery;
        const ending = await before;
        if (ending === 'unknown') throw error;
        if (isLost && (isFirst || ending === 'refused')) await this.reseal(delivery);
        await deadline.limit(wait(backoffMs(attempt, RETRY)));
      }
    }
  }
}

function placeOf({ topic, partition }: PartitionBatch): string {
  return `${topic}/${partition}`;
}

function endingOf({ error, unresolved }: SendOutcome): Ending {
  if (error === undefined) return 'acknowledged';
  return isRefused(error) || (unresolved === undefined && !(error instanceof TransportError))
    ? 'refused'
    : 'unknown';
}

function outcomeOf({ left, isUnwritten }: Delivery, error: Error): SendOutcome {
  if (left === undefined || isUnwritten || isRefused(error)) return { error };
  return { error, unresolved: left };
}

function isRefused(error: Error): boolean {
  return error instanceof TransportError && error.code === 'record-refused';
}

/** One timer for all waits of a delivery, one after the other. */
class Deadline {
  passed = false;
  private expire: ((error: Error) => void) | undefined;
  private readonly timer: NodeJS.Timeout;

  /** @param atMs on the clock of `performance.now()`. */
  constructor(atMs: number) {
    this.timer = setTimeout(() => this.pass(), Math.max(0, atMs - performance.now()));
  }

  /** @throws TransportError (as rejection) `broker-unavailable` when the deadline passes before the work is done. */
  limit<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.expire = reject;
      if (this.passed) reject(overdue());
      work.then(resolve, reject);
    });
  }

  clear(): void {
    clearTimeout(this.timer);
  }

  private pass(): void {
    this.passed = true;
    this.expire?.(overdue());
  }
}

function overdue(): TransportError {
  return new TransportError('broker-unavailable', 'Kafka did not acknowledge in time');
}
