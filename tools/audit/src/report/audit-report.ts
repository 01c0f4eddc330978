import { type Finding } from './findings.ts';
import { type HourCounts, type Verdicts } from './hour-counts.ts';

/** What an audit found. `JSON.stringify` gives the form of `--json`. */
export interface AuditReport extends Verdicts {
  readonly topic: string;
  /** ISO-8601; `from` inclusive, `to` exclusive; absent where there is no bound. */
  readonly from?: string;
  readonly to?: string;
  /** All three promises hold. */
  readonly holds: boolean;
  readonly hours: readonly HourCounts[];
  readonly findings: readonly Finding[];
  /** Stored, and not judged. */
  readonly notJudged: {
    /** Retention has removed the record from Kafka. */
    readonly expired: number;
    /** The record came after the audit began. */
    readonly later: number;
  };
  readonly durationMs: number;
}

/** 0 only when everything holds. */
export function exitCode({ holds }: AuditReport): 0 | 1 {
  return holds ? 0 : 1;
}
