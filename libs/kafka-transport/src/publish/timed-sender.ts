import { setTimeout as wait } from 'node:timers/promises';
import { backoffMs } from '../backoff.ts';
import { TransportError } from '../transport-error.ts';
import { type BatchSealer, type TopicRecords } from './batch-sealer.ts';
import { type BatchSender } from './batch-sender.ts';
import { type PartitionBatch } from './produce-request.ts';

/** How a delivery ended. */
export interface SendOutcome {
  /** Absent when the broker has acknowledged everything. */
  readonly error?: TransportError;
  /** What was sent and may or may not have been written; absent when nothing of it can be in Kafka. */
  readonly unresolved?: readonly PartitionBatch[];
}

export interface SendPolicy {
  /** Attempts after the first. */
  readonly retries: number;
}

const RETRY = { initialMs: 50, maxMs: 500 };

/** Sends records once, with repetitions that change nothing, and knows what it does not know at the deadline. */
export class TimedSender {
  constructor(
    private readonly sender: BatchSender,
    private readonly sealer: BatchSealer,
    private readonly policy: SendPolicy,
  ) {}

  /** Resolves when Kafka would take a batch. @throws TransportError (as rejection) `broker-unavailable`. */
  async check(): Promise<void> {
    await this.sender.ping();
    await this.sealer.prepare();
  }

  /** @param deadlineMs on the clock of `performance.now()`. Never rejects. */
  async send(topics: TopicRecords, deadlineMs: number): Promise<SendOutcome> {
    const deadline = new Deadline(deadlineMs);
    let sealed: readonly PartitionBatch[] | undefined;
    try {
      sealed = await deadline.limit(this.sealer.seal(topics));
      await this.attempt(sealed, deadline);
      return {};
    } catch (error) {
      this.sealer.retire();
      const known = toTransportError(error);
      if (deadline.passed) this.sender.reset();
      if (sealed === undefined || known.code === 'record-refused') return { error: known };
      return { error: known, unresolved: sealed };
    } finally {
      deadline.clear();
    }
  }

  private async attempt(sealed: readonly PartitionBatch[], deadline: Deadline): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await deadline.limit(this.sender.send(sealed));
      } catch (error) {
        const { code } = toTransportError(error);
        if (code === 'record-refused' || deadline.passed || attempt >= this.policy.retries) throw error;
        if (code === 'sequence-lost') await deadline.limit(this.sealer.reseal(sealed));
        await deadline.limit(wait(backoffMs(attempt, RETRY)));
      }
    }
  }
}

/** One timer for all waits of a delivery. */
class Deadline {
  passed = false;
  private expire: ((error: Error) => void) | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(atMs: number) {
    this.timer = setTimeout(() => this.pass(), Math.max(0, atMs - performance.now()));
  }

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

function toTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = error instanceof Error ? error.message : 'unknown error';
  return new TransportError('broker-unavailable', message, { cause: error });
}
