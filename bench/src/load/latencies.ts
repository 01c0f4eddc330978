const STEPS_PER_MS = 20;
const LONGEST_MS = 10_000;

/** Latencies in steps of 50 µs, so that a run of any length takes the same memory. */
export class Latencies {
  private readonly counts = new Uint32Array(STEPS_PER_MS * LONGEST_MS + 1);
  private total = 0;

  add(ms: number): void {
    const step = Math.min(this.counts.length - 1, Math.ceil(ms * STEPS_PER_MS));
    this.counts[step]! += 1;
    this.total += 1;
  }

  get count(): number {
    return this.total;
  }

  /** In milliseconds; 0 when nothing was added. */
  quantile(part: number): number {
    let left = this.total * part;
    for (let step = 0; step < this.counts.length && this.total > 0; step++) {
      left -= this.counts[step]!;
      if (left <= 0) return step / STEPS_PER_MS;
    }
    return 0;
  }
}
