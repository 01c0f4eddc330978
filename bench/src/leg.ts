import { type Spread } from './measure/statistics.ts';

export interface BenchContext {
  readonly isQuick: boolean;
  readonly repetitions: number;
  /** One line of progress. */
  readonly say: (text: string) => void;
}

/** One line of a result table. */
export interface Measured {
  /** Such as `64 connections, single events`. */
  readonly load: string;
  /** `ours`, or the floor or peer. */
  readonly who: string;
  readonly eventsPerSecond: Spread;
  readonly p50Ms: Spread;
  readonly p99Ms: Spread;
  readonly cpuSecondsPerMillion: Spread;
  readonly brokerCpuSecondsPerMillion: Spread;
  readonly peakRssMiB: Spread;
}

/** A ratio or figure that is promised. Its median counts; a ratio is taken round by round, of neighbours in time. */
export interface Bar {
  readonly what: string;
  readonly value: Spread;
  readonly bar: number;
  readonly holds: boolean;
}

export interface LegResult {
  readonly leg: string;
  readonly measured: readonly Measured[];
  readonly bars: readonly Bar[];
  /** What else is to be shown, as lines of Markdown. */
  readonly notes?: readonly string[];
  /** Runs that lost or doubled something; they count as nothing. */
  readonly faults: readonly string[];
}

/** One part of the pipeline, measured beside its floor and its peers. */
export interface Leg {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<LegResult>;
}
