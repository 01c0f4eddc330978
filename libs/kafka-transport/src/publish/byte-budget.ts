/** How much more than what is left one topic may hold: alone it gets four fifths, and others always find room. */
const SHARE_OF_FREE = 4;

/**
 * Bytes that several topics may hold together. What a topic may hold is a multiple of what is free, so that one topic that
 * is stuck, or two, leave room for the next without a share that is set for each.
 * Source: Choudhury and Hahne, "Dynamic queue length thresholds for shared-memory packet switches" (1998).
 */
export class ByteBudget {
  /** Held by all topics. */
  total = 0;

  constructor(private readonly maxBytes: number) {}

  /** @param own bytes that the topic holds already. */
  admits(own: number, more: number): boolean {
    const free = this.maxBytes - this.total;
    return more <= free && own + more <= SHARE_OF_FREE * free;
  }
}
