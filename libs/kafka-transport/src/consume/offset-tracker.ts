/**
 * The end of the contiguous prefix of batches that are durable. Batches of a partition may become durable out of
 * order; only the prefix may be committed.
 */
export class OffsetTracker {
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
