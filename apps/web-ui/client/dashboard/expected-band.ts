/** What a slice may be expected to hold, judged by the slices before it; `null` while there are too few. */
export interface Expectation {
  readonly low: number;
  readonly high: number;
}

const WINDOW = 30;
const MIN_SLICES = 10;
const DEVIATIONS = 3;
/** Turns a median absolute deviation into the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;

/**
 * Median ± 3 deviations of the 30 slices before each slice. The deviation is robust (from the median absolute
 * deviation), so that a spike does not widen its own band, and at least that of a Poisson process of the same rate,
 * so that a handful of clicks is no anomaly. Pure.
 */
export function expectedBand(counts: readonly number[]): readonly (Expectation | null)[] {
  return counts.map((_, index) => {
    const before = counts.slice(Math.max(0, index - WINDOW), index);
    if (before.length < MIN_SLICES) return null;
    const center = median(before);
    const spread = MAD_TO_SIGMA * median(before.map((count) => Math.abs(count - center)));
    const reach = DEVIATIONS * Math.max(spread, Math.sqrt(Math.max(center, 1)));
    return { low: Math.max(0, center - reach), high: center + reach };
  });
}

/** Whether a slice is outside what was expected of it. */
export function isUnusual(count: number, expected: Expectation | null): boolean {
  return expected !== null && (count < expected.low || count > expected.high);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}
