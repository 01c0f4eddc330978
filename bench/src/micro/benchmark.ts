/**
 * A hot function on a typical input. A file `<source>.bench.ts` beside the function's own exports `benchmarks`, these by what they do;
 * nothing is imported for it.
 */
export interface Benchmark {
  /** How many events one call deals with. */
  readonly events: number;
  /** Returns something that depends on the work, so that none of it can be left out. */
  readonly run: () => unknown;
}

/** What one benchmark took. */
export interface MicroResult {
  /** Such as `es-sink`. */
  readonly project: string;
  readonly name: string;
  /** Per event, in the median of all calls. */
  readonly nanoseconds: number;
}
