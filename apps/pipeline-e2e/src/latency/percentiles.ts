/** What half, 95 of 100, 99 of 100 and all samples stay within; in the unit of the samples. */
export interface Percentiles {
  readonly samples: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** By nearest rank: each value is a sample that was really seen. Pure. @throws a RangeError without samples. */
export function percentiles(samples: readonly number[]): Percentiles {
  if (samples.length === 0) throw new RangeError('No samples');
  const sorted = [...samples].sort((a, b) => a - b);
  const within = (share: number): number => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return { samples: sorted.length, p50: within(0.5), p95: within(0.95), p99: within(0.99), max: within(1) };
}
