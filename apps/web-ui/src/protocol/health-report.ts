import { type ReportingApp } from '@pipeline/event-schema';

/** How an app is doing: `silent` when no process of it has reported lately. */
export type AppState = 'ready' | 'not-ready' | 'silent';

/** A number that is `null` while it is not known. */
type Known = number | null;

/** The health of the pipeline, as `/v1/health` answers it and the dashboard shows it. */
export interface HealthReport {
  /** Picks and page views per second that the collectors have acknowledged, over the last minute. */
  readonly acceptedPerSecond: Known;
  /** `null` until the replica has seen events for half a minute. */
  readonly cohort: Cohort | null;
  /** `null` where no continuous audit has ever proved anything, or its topic could not be read yet. */
  readonly proof: ProofReport | null;
  readonly apps: readonly AppHealth[];
  /** Whether the broker has answered lately; the numbers below are `null` or old where it has not. */
  readonly brokerAnswers: boolean;
  /** Records that a group has not committed. */
  readonly lag: readonly GroupLag[];
  /** Records in each dead-letter topic. */
  readonly deadLetters: readonly { readonly topic: string; readonly records: number }[];
  /** From received to found by a search; of the latest samples of this replica. */
  readonly searchable: { readonly p50Ms: number; readonly p99Ms: number; readonly samples: number } | null;
}

/**
 * The same events at every station: those that the collectors received in `[from, to)`, a minute that ended half a minute
 * ago. Its numbers are equal where all of them have arrived.
 */
export interface Cohort {
  /** ISO-8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** Acknowledged by the collectors, or seen in Kafka all the same. */
  readonly accepted: Known;
  readonly kafka: Known;
  /** Committed by the sink: in its store, or among its dead letters. */
  readonly hdfs: Known;
  readonly elasticsearch: Known;
}

/** What the continuous audit has proved of everything that Kafka holds of the event topics. */
export interface ProofReport {
  /** Everything appended before is proved in both stores; `null` where a partition has no proof yet. ISO-8601 UTC. */
  readonly provedTo: string | null;
  /** When the audit last wrote down what it proved. */
  readonly toldAt: string;
  /** Records proved in both stores. */
  readonly events: number;
  /** Records not proved yet. */
  readonly waiting: number;
  readonly lost: number;
  readonly double: number;
  readonly damaged: number;
  readonly invented: number;
}

/** Dead letters of one reason, as `/v1/dead-letters` lists them: of the newest 2,000 of each topic. */
export interface LetterGroup {
  /** Of the record. */
  readonly topic: string;
  /** The sink that could not store it. */
  readonly group: string;
  readonly code: string;
  readonly records: number;
  /** When the newest was given up, ISO-8601 UTC. */
  readonly newest: string;
}

export interface AppHealth {
  readonly app: ReportingApp;
  readonly state: AppState;
  readonly instances: number;
  /** Parts that some instance waits for. */
  readonly notReady: readonly string[];
}

export interface GroupLag {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly records: number;
}
