import { type FetchedPack, type PassedOver } from '@pipeline/kafka-driver';
import { type PartitionAssignment, type RecordBatch } from './record-batch.ts';

export interface FeedOptions {
  /** The offset that the first batch must start at; `null` when any start is right (a live feed). */
  readonly expected: bigint | null;
  /** Called after memory was given back. */
  readonly onRoom: () => void;
}

/**
 * One partition during one assignment: turns fetched batches into {@link RecordBatch}es without hole or overlap, and
 * knows how much of it is not durable yet.
 */
export class PartitionFeed {
  readonly tracker = new OffsetTracker();
  private readonly revocation = new AbortController();
  private readonly onRoom: () => void;
  /** Where the next batch continues; `null` when any start is right. */
  private position: bigint | null;
  /** Where the next fetch begins: behind `position` when nothing was left of what was fetched since. */
  private fetchPosition: bigint | null;
  private inFlightBytes = 0;
  private largestBatchBytes = 0;
  paused = true;

  constructor(
    readonly assignment: Omit<PartitionAssignment, 'revoked'>,
    { expected, onRoom }: FeedOptions,
  ) {
    this.position = expected;
    this.fetchPosition = expected;
    this.onRoom = onRoom;
    this.owned = { ...assignment, revoked: this.revocation.signal };
  }

  /** The assignment as handlers see it. */
  readonly owned: PartitionAssignment;

  get revoked(): boolean {
    return this.revocation.signal.aborted;
  }

  /**
   * Whether one more fetch like the largest so far might not fit. Never below half of the share: that much must come
   * together for a handler that waits for half of its share before it writes.
   */
  get full(): boolean {
    const { shareBytes } = this.assignment;
    return this.inFlightBytes >= shareBytes / 2 && this.inFlightBytes + this.largestBatchBytes > shareBytes;
  }

  /**
   * Whether fetching goes on. At half of the share it would wait for a handler that has half of it in its hands, and the
   * two would never work at the same time; at all of it pausing would flap.
   */
  get roomy(): boolean {
    return this.inFlightBytes < (this.assignment.shareBytes * 3) / 4;
  }

  /** Where the next fetch has to begin; `null`: anywhere. */
  get nextFetchOffset(): bigint | null {
    return this.fetchPosition;
  }

  get roomBytes(): number {
    return this.assignment.shareBytes - this.inFlightBytes;
  }

  revoke(): void {
    this.revocation.abort();
  }

  /**
   * Notes that all of `[firstOffset, nextOffset)` was control records or of aborted transactions. It becomes a gap at the
   * beginning of the next batch, which does not start where the last one ended.
   * @returns whether everything before the gap is durable.
   */
  passOver({ firstOffset, nextOffset }: PassedOver): boolean {
    if (firstOffset !== this.fetchPosition) return false;
    this.fetchPosition = nextOffset;
    return this.tracker.pending === 0;
  }

  /**
   * The batch to hand over, or nothing when it does not continue where this feed stands: a fetch that was answered
   * across a rebalance (the driver may deliver it to the new assignment).
   */
  take({
    topic,
    partition,
    fetchOffset,
    nextOffset,
    highWatermark,
    pack,
  }: FetchedPack): RecordBatch | undefined {
    if (this.fetchPosition !== null && fetchOffset !== this.fetchPosition) return undefined;
    const startOffset = this.position ?? fetchOffset;
    this.position = nextOffset;
    this.fetchPosition = nextOffset;
    const { count, contentBytes: bytes, heldBytes } = pack;
    const release = this.hold(heldBytes, () => pack.free());
    return {
      ...{ topic, partition, startOffset, nextOffset, highWatermark },
      ...{ count, bytes, heldBytes, release },
      get records() {
        return pack.views();
      },
    };
  }

  /** Counts a batch as in memory until the result is called. */
  private hold(heldBytes: number, free: () => void): () => void {
    this.inFlightBytes += heldBytes;
    this.largestBatchBytes = Math.max(this.largestBatchBytes, heldBytes);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.inFlightBytes -= heldBytes;
      free();
      this.onRoom();
    };
  }
}

/**
 * The end of the contiguous prefix of batches that are durable. Batches of a partition may become durable out of
 * order; only the prefix may be committed.
 */
class OffsetTracker {
  private readonly open: { readonly nextOffset: bigint; durable: boolean }[] = [];

  /** Adds the next batch of the partition; call the result once it is durable. */
  add(nextOffset: bigint): () => bigint | undefined {
    const entry = { nextOffset, durable: false };
    this.open.push(entry);
    return () => {
      entry.durable = true;
      return this.advance();
    };
  }

  get pending(): number {
    return this.open.length;
  }

  /** The new committable offset, when the prefix has grown. */
  private advance(): bigint | undefined {
    let committable: bigint | undefined;
    while (this.open[0]?.durable) committable = this.open.shift()?.nextOffset;
    return committable;
  }
}
