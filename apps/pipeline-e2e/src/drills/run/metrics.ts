/** A histogram as `/metrics` shows it: cumulative counts by upper bound. */
export type Buckets = ReadonlyMap<number, number>;

type App = { readonly url: string };

/** What an app tells of itself now. */
export async function metricsOf({ url }: App): Promise<string> {
  return (await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(5_000) })).text();
}

/** The sum of a metric over all its labels; 0 when it is not there. */
export function metricSum(text: string, name: string): number {
  const samples = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'gm'))];
  return samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

export function buckets(text: string, name: string): Buckets {
  const counts = new Map<number, number>();
  for (const [, labels = '', value] of text.matchAll(
    new RegExp(`^${name}_bucket\\{([^}]*)\\} (\\S+)$`, 'gm'),
  )) {
    const bound = Number((/le="([^"]+)"/.exec(labels)?.[1] ?? '').replace('+Inf', 'Infinity'));
    counts.set(bound, (counts.get(bound) ?? 0) + Number(value));
  }
  return counts;
}

/** The upper bound of the bucket that holds the quantile of what was observed between two looks; 0 when nothing was. */
export function quantileBetween(before: Buckets, after: Buckets, quantile: number): number {
  const bounds = [...after.keys()].sort((a, b) => a - b);
  const grown = bounds.map((bound) => (after.get(bound) ?? 0) - (before.get(bound) ?? 0));
  const wanted = (grown.at(-1) ?? 0) * quantile;
  return wanted === 0 ? 0 : (bounds.find((_, index) => (grown[index] ?? 0) >= wanted) ?? Infinity);
}
