import { type TopicRecords } from './batch-sealer.ts';
import { type FallbackLog } from './fallback-log.ts';
import { type PartitionBatch } from './produce-request.ts';

/** Keeps what it is given, in order; refuses on demand. */
export class MemoryFallbackLog implements FallbackLog {
  readonly entries: ({ values: string[] } | { sealed: readonly PartitionBatch[] })[] = [];
  isOccupied = false;
  failure: Error | undefined;

  async appendRecords(topics: TopicRecords): Promise<void> {
    await this.take({ values: [...topics.values()].flat().map(({ value }) => String(value)) });
  }

  async appendSealed(batches: readonly PartitionBatch[]): Promise<void> {
    await this.take({ sealed: batches });
  }

  private take(entry: (typeof this.entries)[number]): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    this.entries.push(entry);
    this.isOccupied = true;
    return Promise.resolve();
  }
}
