import { type PartitionBatch, type ProducerIdentity, readRecordBatch } from '@pipeline/kafka-wire';
import {
  BatchesLeftError,
  type BatchSender,
  TransportError,
  type TransportErrorCode,
} from '../src/batch-sender.ts';

/** A request that waits for its answer. */
export interface HeldRequest {
  readonly values: readonly string[];
  /** Writes and acknowledges. */
  ack(): void;
  /** Writes, and the acknowledgement is lost. */
  writeSilently(): void;
  refuse(code: TransportErrorCode): void;
}

/** Brokers in memory: a log per partition, repetitions recognised by identity and sequence, failures on demand. */
export class MemoryBatchSender implements BatchSender {
  /** Values by `<topic>-<partition>`, as consumers would see them. */
  readonly logs = new Map<string, string[]>();
  readonly requests: HeldRequest[] = [];
  partitions = 3;
  throttleMs = 0;
  isDown = false;
  /** Topics that nothing is known of. */
  readonly missing = new Set<string>();
  /** Answers, and takes no records. */
  refusesAll = false;
  /** A request with more of them is refused for good. */
  maxBatchRecords = Number.POSITIVE_INFINITY;
  /** While true, requests wait in `requests` for the test to answer them. */
  isHolding = false;
  identities = 0;
  resets = 0;
  private readonly seen = new Set<string>();
  private readonly nextSequences = new Map<string, number>();

  async send(batches: readonly PartitionBatch[]): Promise<void> {
    this.requireUp();
    for (const { topic } of batches) this.requireTopic(topic);
    this.requireWilling(batches);
    if (!this.isHolding) return this.writeAll(batches);
    await new Promise<void>((resolve, reject) => {
      const values = batches.flatMap(({ bytes }) =>
        readRecordBatch(bytes).records.map(({ value }) => String(value)),
      );
      this.requests.push({
        values,
        ack: () => resolve(this.writeAll(batches)),
        writeSilently: () => void this.write(batches),
        refuse: (code) => reject(new TransportError(code, 'refused on demand')),
      });
    });
  }

  partitionCount(topic: string): Promise<number> {
    return this.whenUp(() => {
      this.requireTopic(topic);
      return this.partitions;
    });
  }

  check(topic: string): Promise<void> {
    return this.whenUp(() => this.requireTopic(topic));
  }

  newIdentity(): Promise<ProducerIdentity> {
    return this.whenUp(() => ({ producerId: BigInt(++this.identities), epoch: 0 }));
  }

  ping(): Promise<void> {
    return this.whenUp(() => undefined);
  }

  reset(): void {
    this.resets += 1;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Every value that was written, partition after partition. */
  written(): string[] {
    return [...this.logs.values()].flat();
  }

  private writeAll(batches: readonly PartitionBatch[]): Promise<void> {
    const left = this.write(batches);
    if (left.length === 0) return Promise.resolve();
    return Promise.reject(new BatchesLeftError('sequence-lost', 'gap in the sequence', left));
  }

  /** As a broker does it: nothing behind a gap, but any sequence of a producer that is new to the partition. */
  private write(batches: readonly PartitionBatch[]): PartitionBatch[] {
    return batches.filter(({ topic, partition, bytes }) => {
      const { producerId, sequence, records } = readRecordBatch(bytes);
      const place = `${topic}-${partition}`;
      const id = `${place}/${producerId}`;
      if (producerId >= 0n) {
        if (this.seen.has(`${id}/${sequence}`)) return false;
        if (sequence !== (this.nextSequences.get(id) ?? sequence)) return true;
        this.seen.add(`${id}/${sequence}`);
        this.nextSequences.set(id, sequence + records.length);
      }
      const log = this.logs.get(place) ?? [];
      log.push(...records.map(({ value }) => String(value)));
      this.logs.set(place, log);
      return false;
    });
  }

  private whenUp<T>(answer: () => T): Promise<T> {
    return new Promise((resolve) => {
      this.requireUp();
      resolve(answer());
    });
  }

  private requireTopic(topic: string): void {
    if (this.missing.has(topic)) throw new TransportError('broker-unavailable', `${topic} is missing`);
  }

  private requireWilling(batches: readonly PartitionBatch[]): void {
    if (this.refusesAll) throw new BatchesLeftError('broker-unavailable', 'refused on demand', batches);
    const isTooLarge = batches.some(
      ({ bytes }) => readRecordBatch(bytes).records.length > this.maxBatchRecords,
    );
    if (isTooLarge) throw new BatchesLeftError('record-refused', 'too large', batches);
  }

  private requireUp(): void {
    if (this.isDown) throw new TransportError('broker-unavailable', 'down on demand');
  }
}
