import { type LocalStack } from '@pipeline/local-stack';
import { type Contestant } from '../../contestant.ts';

/** Where a contestant reads and writes: a topic and a store that were emptied before. */
export interface SinkPlace {
  readonly stack: LocalStack;
  readonly topic: string;
  /** Folder in HDFS; what is below it counts. */
  readonly folder: string;
  /** Name of the index; it does not exist yet, and the product's template gives it its mapping. */
  readonly index: string;
  readonly partitions: number;
  /** About so many are measured of each partition. */
  readonly eventsPerPartition: number;
}

interface CheckedContestant extends Contestant {
  /** Of its topic; default: as the topic is defined. */
  readonly partitions?: number;
  /** Looks whether the store holds each of the events `[0, count)` once. @returns what is wrong. */
  verify(place: SinkPlace, count: number): Promise<string | undefined>;
}

/** A program that reads the topic. */
export interface ConsumingContestant extends CheckedContestant {
  /** Resolves when it runs; it reads the topic from its beginning. */
  start(place: SinkPlace): Promise<RunningConsumer>;
}

/** A program that brings events into the store by itself, with nothing in front of it. */
export interface LoadingContestant extends CheckedContestant {
  /** The module of `floors/` that does it; see `floors/loader.ts`. */
  readonly loader: string;
}

export type SinkContestant = ConsumingContestant | LoadingContestant;

/** A contestant that reads the topic, as a leg sees it. */
export interface RunningConsumer {
  /** Its processes, whose cost counts. */
  readonly pids: readonly number[];
  /** Of all its processes. */
  signal(signal: NodeJS.Signals): void;
  /** Events of the topic that are stored by now, by a look that costs little. */
  stored(): Promise<number>;
  stop(): Promise<void>;
}
