interface Sample {
  readonly atMs: number;
  readonly total: number;
}

const WINDOW_MS = 60_000;
const MIN_SPAN_MS = 4_000;

/** A total that only grows, looked at over the last minute. Holds the samples of that minute and nothing else. */
export class RateWindow {
  private samples: readonly Sample[] = [];

  /** @param total what has been counted until now; a smaller one than before means that counting began anew. */
  add(total: number, atMs: number): void {
    const last = this.samples.at(-1);
    const kept = last && total < last.total ? [] : this.samples;
    const newest = { total, atMs };
    // One sample from before the window stays: the minute begins between it and the next.
    const firstInside = kept.findIndex((sample) => sample.atMs > atMs - WINDOW_MS);
    this.samples = [
      ...kept.slice(Math.max(0, firstInside === -1 ? kept.length - 1 : firstInside - 1)),
      newest,
    ];
  }

  /** Growth per minute; nothing while there is too little to tell. */
  perMinute(): number | undefined {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (!first || !last || last.atMs - first.atMs < MIN_SPAN_MS) return undefined;
    return ((last.total - first.total) * WINDOW_MS) / (last.atMs - first.atMs);
  }
}
