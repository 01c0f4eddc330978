import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** The registry of the app, which `/metrics` shows. */
export const METRICS_REGISTRY = Symbol('metrics-registry');

/** Buckets of a duration that is mostly well below a second. */
export const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
export const BATCH_RECORDS = [1, 5, 10, 50, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000];

/**
 * Declares the metrics of one part of an app, beside that part: names in base units, labels that are bounded (a topic, a
 * partition, a closed list of words). The function makes them once in each registry and returns the same ones when it is
 * called again; without a registry they are new ones, which no `/metrics` shows.
 */
export function metricsIn<Metrics>(
  declare: (make: ReturnType<typeof makersIn>) => Metrics,
): (registry?: Registry) => Metrics {
  const made = new WeakMap<Registry, Metrics>();
  return (registry) => {
    const metrics = (registry && made.get(registry)) ?? declare(makersIn(registry ? [registry] : []));
    if (registry) made.set(registry, metrics);
    return metrics;
  };
}

function makersIn(registers: Registry[]) {
  return {
    counter: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Counter({ name, help, labelNames, registers }),
    gauge: <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
      new Gauge({ name, help, labelNames, registers }),
    histogram: <Label extends string>(
      name: string,
      help: string,
      buckets: number[],
      ...labelNames: Label[]
    ) => new Histogram({ name, help, buckets, labelNames, registers }),
    /** A gauge that keeps no value: `read` is asked whenever the metrics are shown. */
    shown: <Label extends string>(name: string, help: string, ...labelNames: Label[]) => {
      type Shown = { readonly labels: Record<Label, string | number>; readonly value: number };
      const source: { read: () => readonly Shown[] } = { read: () => [] };
      new Gauge({
        name,
        help,
        labelNames,
        registers,
        collect() {
          this.reset();
          for (const { labels, value } of source.read()) this.set(labels as never, value);
        },
      });
      return source;
    },
  };
}
