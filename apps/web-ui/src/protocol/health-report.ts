import { type ReportingApp } from '@pipeline/event-schema';

/** How an app is doing: `silent` when no process of it has reported lately. */
export type AppState = 'ready' | 'not-ready' | 'silent';

/** A number that is `null` while it is not known. */
type Known = number | null;

/** The health of the pipeline, as `/v1/health` answers it and the dashboard shows it. */
export interface HealthReport {
  /** Events in the last minute, by what the apps and the broker say. */
  readonly perMinute: {
    readonly accepted: Known;
    readonly kafka: Known;
    readonly hdfs: Known;
    readonly elasticsearch: Known;
  };
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
