import { type SinkName } from '@pipeline/event-schema';
import { type DifferingCopies } from '../ledger/id-copies.ts';
import { type Finding } from './findings.ts';
import { type HourCounts, type Verdicts } from './hour-counts.ts';

/** What an audit found. `JSON.stringify` gives the form of `--json`. */
export interface AuditReport extends Verdicts {
  readonly topic: string;
  /** ISO-8601; `from` inclusive, `to` exclusive; absent where there is no bound. */
  readonly from?: string;
  readonly to?: string;
  readonly verdict: Verdict;
  /** No promise is broken; records may be under way. */
  readonly holds: boolean;
  /** Records that are not in both stores yet and that a sink has still to commit. */
  readonly underWay: number;
  readonly hours: readonly HourCounts[];
  readonly findings: readonly Finding[];
  readonly copies: DifferingCopies;
  /** Stored, and not judged. */
  readonly notJudged: {
    /** Retention has removed the record from Kafka. */
    readonly expired: number;
    /** The record came after the audit began. */
    readonly later: number;
  };
  /** Records in the dead-letter topics that are no letter of a record of this topic. */
  readonly foreignLetters: Readonly<Record<SinkName, number>>;
  readonly durationMs: number;
}

/** `holds`: everything is stored. `holds so far`: what is not stored yet is under way. `broken`: a promise is. */
export type Verdict = 'holds' | 'holds so far' | 'broken';

/** 1 only when a promise is broken. */
export function exitCode({ holds }: AuditReport): 0 | 1 {
  return holds ? 0 : 1;
}
