import { type OutgoingRecord } from '@pipeline/kafka-transport';
import {
  type Durability,
  type EventPublisher,
  type NotDurableCode,
  NotDurableError,
} from './event-publisher.ts';

/** Keeps what it is given; fails or waits on demand. */
export class MemoryEventPublisher implements EventPublisher {
  readonly calls: { topic: string; records: readonly OutgoingRecord[] }[] = [];
  failure: NotDurableCode | undefined;
  private waiting: (() => void)[] | undefined;

  async publish(topic: string, records: readonly OutgoingRecord[]): Promise<Durability> {
    this.calls.push({ topic, records });
    const waiting = this.waiting;
    if (waiting !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
    if (this.failure !== undefined) throw new NotDurableError(this.failure);
    return 'kafka';
  }

  /** From now on nothing is acknowledged. */
  hold(): void {
    this.waiting ??= [];
  }

  /** Settles everything that is held. */
  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    waiting.forEach((resolve) => resolve());
  }

  /** Every event given to it, parsed, in order; acknowledged or not. */
  events(): Record<string, unknown>[] {
    return this.calls.flatMap(({ records }) =>
      records.map(({ value }) => JSON.parse(String(value)) as Record<string, unknown>),
    );
  }
}
