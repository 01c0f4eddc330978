import { type Contestant, type Kind } from './contestant.ts';
import { type Spread } from './measure/statistics.ts';
import { type FigureName } from './report/figures.ts';

/** How much is measured: all of it, enough for a first look, or as little as shows that nothing is lost. */
export type Size = 'full' | 'quick' | 'check';

export interface BenchContext {
  readonly size: Size;
  readonly repetitions: number;
  readonly withPeers: boolean;
  /** Another checkout of the product, built, for the leg that compares with it. */
  readonly beside?: string | undefined;
  /** What is going on now, in one line. */
  readonly say: (text: string) => void;
}

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
  /** Whom the table names, with what they promise. */
  readonly contestants?: readonly Pick<Contestant, 'name' | 'kind' | 'guarantee' | 'version'>[];
  readonly measured: readonly Measured[];
  readonly bars: readonly Bar[];
  /** What else is to be shown, as lines of Markdown. */
  readonly notes?: readonly string[];
  /** Runs of ours and of floors that lost or doubled something; they count as nothing. Absent where no event was sent. */
  readonly faults?: readonly string[];
  /** The same of peers, and peers that took no part: it is said, and nothing fails. */
  readonly peerFaults?: readonly string[];
}

/** One part of the pipeline, measured beside its floor and its peers. */
export interface Leg {
  readonly name: string;
  readonly title: string;
  /** How long it may take on two quiet cores, with its peers. */
  readonly budgetSeconds: Readonly<Record<Size, number>>;
  run(context: BenchContext): Promise<LegResult>;
}
