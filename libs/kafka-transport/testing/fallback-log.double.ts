import { type OutgoingRecord, type PartitionBatch } from '@pipeline/kafka-wire';
import { type FallbackLog } from '../src/publish/publisher-options.ts';

/** Keeps what it is given, in order; refuses on demand. */
export class MemoryFallbackLog implements FallbackLog {
  readonly entries: ({ values: string[] } | { sealed: readonly PartitionBatch[] })[] = [];
  /** Topics of which it holds something. */
  readonly occupied = new Set<string>();
  failure: Error | undefined;

  isOccupied(topic: string): boolean {
    return this.occupied.has(topic);
  }

  async appendRecords(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    await this.take(topic, { values: records.map(({ value }) => String(value)) });
  }

  async appendSealed(topic: string, batches: readonly PartitionBatch[]): Promise<void> {
    await this.take(topic, { sealed: batches });
  }

  private take(topic: string, entry: (typeof this.entries)[number]): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.entries.push(entry);
    this.occupied.add(topic);
    return Promise.resolve();
  }
}
