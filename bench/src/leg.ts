import { type FigureName } from './report/figures.ts';
import { type Spread } from './measure/statistics.ts';

export interface BenchContext {
  readonly isQuick: boolean;
  readonly repetitions: number;
  /** One line of progress. */
  readonly say: (text: string) => void;
}

/** What is measured: the product, a program that does the same and nothing else, or a product of others. */
export type Kind = 'ours' | 'floor' | 'peer';

/** One line of a result table. */
export interface Measured {
  /** Such as `64 connections, single events`. */
  readonly load: string;
  /** `ours`, or the floor or peer. */
  readonly who: string;
  readonly kind: Kind;
  readonly figures: Readonly<Partial<Record<FigureName, Spread>>>;
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
  /** Runs of ours and of floors that lost or doubled something; they count as nothing. */
  readonly faults: readonly string[];
  /** The same of peers: it is said, and nothing fails. */
  readonly peerFaults?: readonly string[];
}

/** One part of the pipeline, measured beside its floor and its peers. */
export interface Leg {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<LegResult>;
}
