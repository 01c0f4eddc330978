import { compressionType, compressor, type Compression } from '../client/codecs.ts';
import { TransportError } from '../transport-error.ts';
import { type BatchSender } from './batch-sender.ts';
import { type EncodedRecords, KEYLESS } from './encoded-records.ts';
import { type OutgoingRecord } from './outgoing-record.ts';
import { type PartitionBatch } from './produce-request.ts';
import { encodeRecords } from './record-encoder.ts';
import {
  nextSequence,
  type ProducerIdentity,
  RecordBatchBuilder,
  recordsOfBatch,
  stampIdentity,
} from './record-batch-builder.ts';

/** Encoded records of one topic, in the order in which they are to be written. */
export interface TopicSets {
  readonly topic: string;
  readonly sets: readonly EncodedRecords[];
}

export interface SealOptions {
  readonly compression: Compression;
  /** Without it batches carry no identity, and a repetition is written again. */
  readonly idempotent: boolean;
}

/**
 * Turns records into batches that may be sent again and again unchanged: partition, bytes, producer and sequence are
 * fixed. Not for concurrent use: sequences follow the order of the calls.
 */
export class BatchSealer {
  private identity: ProducerIdentity | undefined;
  private readonly sequences = new Map<string, number>();
  private keyless = 0;
  private generation = 0;

  constructor(
    private readonly sender: Pick<BatchSender, 'partitionCount' | 'newIdentity'>,
    private readonly options: SealOptions,
  ) {}

  /** @throws TransportError (as rejection) `broker-unavailable`; nothing is changed then. */
  seal(topic: string, records: readonly OutgoingRecord[]): Promise<PartitionBatch[]> {
    return this.sealEncoded({ topic, sets: [encodeRecords(records)] });
  }

  /** The same for records that are encoded already. */
  async sealEncoded({ topic, sets }: TopicSets): Promise<PartitionBatch[]> {
    const { generation } = this;
    const builders = this.split(sets, await this.sender.partitionCount(topic));
    await this.ensureIdentity();
    const compression = compressor(this.options.compression);
    const type = compressionType(this.options.compression);
    const nowMs = Date.now();
    const batches = await Promise.all(
      builders.map(async ({ partition, builder }) => ({
        topic,
        partition,
        bytes: await builder.build(nowMs, { type, ...(compression ? { compress: compression } : {}) }),
      })),
    );
    // Whoever gave this call up has retired the identity: its sequences belong to others now.
    if (generation !== this.generation)
      throw new TransportError('broker-unavailable', 'Sealing was given up');
    for (const batch of batches) this.stamp(batch);
    return batches;
  }

  /** Gives batches that the broker cannot place any more a new identity. Some of them may be written twice. */
  async reseal(batches: readonly PartitionBatch[]): Promise<void> {
    this.retire();
    await this.ensureIdentity();
    for (const batch of batches) this.stamp(batch);
  }

  /** After a batch whose fate is unknown or that was refused, its sequence cannot be continued. */
  retire(): void {
    this.generation += 1;
    this.identity = undefined;
    this.sequences.clear();
  }

  /** Fetches an identity if there is none, so that the first batch need not wait for it. @throws as `seal`. */
  prepare(): Promise<void> {
    return this.ensureIdentity();
  }

  private async ensureIdentity(): Promise<void> {
    if (!this.options.idempotent || this.identity !== undefined) return;
    const { generation } = this;
    const identity = await this.sender.newIdentity();
    if (generation === this.generation) this.identity = identity;
  }

  private stamp({ topic, partition, bytes }: PartitionBatch): void {
    if (this.identity === undefined) {
      stampIdentity(bytes, undefined, -1);
      return;
    }
    const place = `${topic}/${partition}`;
    const sequence = this.sequences.get(place) ?? 0;
    stampIdentity(bytes, this.identity, sequence);
    this.sequences.set(place, nextSequence(sequence, recordsOfBatch(bytes)));
  }

  /** A builder for each partition that gets records, of the size that it needs: one that grows copies what it has. */
  private split(
    sets: readonly EncodedRecords[],
    partitions: number,
  ): { partition: number; builder: RecordBatchBuilder }[] {
    const sizes = Array.from({ length: partitions }, () => 0);
    const places: number[] = [];
    for (const set of sets) {
      for (let index = 0; index < set.count; index++) {
        const partition = this.partitionOf(set.keyHashOf(index), partitions);
        places.push(partition);
        sizes[partition]! += set.sizeBoundOf(index);
      }
    }
    const builders = sizes.map((size) => (size > 0 ? new RecordBatchBuilder(size) : undefined));
    let at = 0;
    for (const set of sets) {
      for (let index = 0; index < set.count; index++) builders[places[at++]!]!.add(set, index);
    }
    return builders.flatMap((builder, partition) => (builder ? [{ partition, builder }] : []));
  }

  private partitionOf(keyHash: number, partitions: number): number {
    return (keyHash === KEYLESS ? this.keyless++ : keyHash) % partitions;
  }
}
