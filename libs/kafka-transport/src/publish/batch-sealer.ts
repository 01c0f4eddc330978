import {
  type Compression,
  compressionType,
  compressor,
  type EncodedRecords,
  encodeRecords,
  KEYLESS,
  nextSequence,
  type OutgoingRecord,
  type PartitionBatch,
  type ProducerIdentity,
  RecordBatchBuilder,
  recordsOfBatch,
  stampIdentity,
} from '@pipeline/kafka-wire';
import { type BatchSender, TransportError } from '@pipeline/kafka-driver';

/** Encoded records of one topic, in the order in which they are to be written. */
export interface TopicSets {
  readonly topic: string;
  readonly sets: readonly EncodedRecords[];
}

/** How records are laid out in batches: the same records with the same layout are the same batches, but for who sends them. */
export interface BatchLayout {
  readonly partitions: number;
  /** Records without a key take the partitions in turn; so many took theirs before. */
  readonly keyless: number;
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

  /**
   * @param layout as the topic has it now, where absent.
   * @throws TransportError (as rejection) `broker-unavailable`; nothing is changed then.
   */
  seal(topic: string, records: readonly OutgoingRecord[], layout?: BatchLayout): Promise<PartitionBatch[]> {
    return this.sealEncoded({ topic, sets: [encodeRecords(records)] }, layout);
  }

  /** The same for records that are encoded already. */
  async sealEncoded(records: TopicSets, layout?: BatchLayout): Promise<PartitionBatch[]> {
    const { generation } = this;
    const own = layout ?? (await this.layout(records.topic));
    const builders = this.split(records.sets, own);
    await this.ensureIdentity();
    const batches = await this.build(records.topic, builders);
    // Whoever gave this call up has retired the identity: its sequences belong to others now.
    if (generation !== this.generation)
      throw new TransportError('broker-unavailable', 'Sealing was given up');
    for (const batch of batches) this.stamp(batch);
    return batches;
  }

  /** @throws TransportError (as rejection) `broker-unavailable`. */
  async layout(topic: string): Promise<BatchLayout> {
    return { partitions: await this.sender.partitionCount(topic), keyless: this.keyless };
  }

  /** The batches that records were sealed in once; who sends them is to be stamped. */
  rebuild(topic: string, records: readonly OutgoingRecord[], layout: BatchLayout): Promise<PartitionBatch[]> {
    return this.build(topic, this.split([encodeRecords(records)], layout));
  }

  private build(topic: string, builders: readonly PartitionBuilder[]): Promise<PartitionBatch[]> {
    const compression = compressor(this.options.compression);
    const type = compressionType(this.options.compression);
    const nowMs = Date.now();
    return Promise.all(
      builders.map(async ({ partition, builder }) => ({
        topic,
        partition,
        bytes: await builder.build(nowMs, { type, ...(compression ? { compress: compression } : {}) }),
      })),
    );
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
  private split(sets: readonly EncodedRecords[], { partitions, keyless }: BatchLayout): PartitionBuilder[] {
    const sizes = Array.from({ length: partitions }, () => 0);
    const places: number[] = [];
    let turn = keyless;
    for (const set of sets) {
      for (let index = 0; index < set.count; index++) {
        const keyHash = set.keyHashOf(index);
        const partition = (keyHash === KEYLESS ? turn++ : keyHash) % partitions;
        places.push(partition);
        sizes[partition]! += set.sizeBoundOf(index);
      }
    }
    this.keyless = turn;
    const builders = sizes.map((size) => (size > 0 ? new RecordBatchBuilder(size) : undefined));
    let at = 0;
    for (const set of sets) {
      for (let index = 0; index < set.count; index++) builders[places[at++]!]!.add(set, index);
    }
    return builders.flatMap((builder, partition) => (builder ? [{ partition, builder }] : []));
  }
}

interface PartitionBuilder {
  readonly partition: number;
  readonly builder: RecordBatchBuilder;
}
