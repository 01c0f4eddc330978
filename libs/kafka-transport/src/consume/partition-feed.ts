import { type Batch } from 'kafkajs';
import { OffsetTracker } from './offset-tracker.ts';
import { type PartitionAssignment } from './partition-assignment.ts';
import { type RecordBatch } from './record-batch.ts';

/** What a record costs in memory beside its bytes: the decoded object of the client, measured at about 400 bytes. */
const RECORD_OVERHEAD_BYTES = 400;

export interface FeedStart {
  /** The offset that the first batch must start at; `null` when any start is right (a live feed). */
  readonly expected: bigint | null;
}

/**
 * One partition during one assignment: turns fetched batches into {@link RecordBatch}es without hole or overlap, and
 * knows how much of it is not durable yet.
 */
export class PartitionFeed {
  readonly tracker = new OffsetTracker();
  private readonly revocation = new AbortController();
  private position: bigint | null;
  private inFlightBytes = 0;
  paused = true;

  constructor(
    readonly assignment: Omit<PartitionAssignment, 'revoked'>,
    { expected }: FeedStart,
  ) {
    this.position = expected;
    this.owned = { ...assignment, revoked: this.revocation.signal };
  }

  /** The assignment as handlers see it. */
  readonly owned: PartitionAssignment;

  get revoked(): boolean {
    return this.revocation.signal.aborted;
  }

  get full(): boolean {
    return this.inFlightBytes >= this.assignment.shareBytes;
  }

  /** Fetching goes on at half the share, so that pausing does not flap. */
  get roomy(): boolean {
    return this.inFlightBytes <= this.assignment.shareBytes / 2;
  }

  revoke(): void {
    this.revocation.abort();
  }

  /**
   * The batch to hand over, or nothing when it does not continue where this feed stands: a fetch that was answered
   * across a rebalance (kafkajs may deliver it to the new assignment).
   */
  take(batch: Batch): RecordBatch | undefined {
    // `fetchedOffset` is missing in the typings of kafkajs 2.2.4.
    const startOffset = BigInt((batch as Batch & { fetchedOffset: string }).fetchedOffset);
    if (this.position !== null && startOffset !== this.position) return undefined;
    const nextOffset = BigInt(batch.lastOffset()) + 1n;
    this.position = nextOffset;
    const { topic, partition, messages } = batch;
    let bytes = 0;
    for (const { key, value } of messages) bytes += (key?.length ?? 0) + (value?.length ?? 0);
    const heldBytes = bytes + messages.length * RECORD_OVERHEAD_BYTES;
    const highWatermark = BigInt(batch.highWatermark);
    return { topic, partition, records: messages, startOffset, nextOffset, bytes, heldBytes, highWatermark };
  }

  /** Counts a batch as held in memory; call the result once it is not. Further calls of it do nothing. */
  hold({ heldBytes }: RecordBatch): () => void {
    this.inFlightBytes += heldBytes;
    let held = heldBytes;
    return () => {
      this.inFlightBytes -= held;
      held = 0;
    };
  }
}
