import { TransportError } from '@pipeline/kafka-driver';

/** One timer for all waits of a delivery, one after the other. */
export class Deadline {
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
