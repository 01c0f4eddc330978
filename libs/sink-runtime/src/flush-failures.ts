import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type FlushTrace } from './flush-trace.ts';
import { PartitionHaltedError } from './partition-errors.ts';
import { type SinkMetrics } from './sink-metrics.ts';

/** Attempts in a row that may end with an error of our own code, about a minute; the next ones would end like these. */
const INTERNAL_ERRORS_IN_A_ROW = 8;

/** The code of an error that has none: stores and Kafka say what they refuse, so it comes from our own code. */
const INTERNAL_ERROR = 'internal-error';

/** Of an error in a reason at `/readyz`. */
const MESSAGE_CHARACTERS = 200;

/** A flush that has failed since then, and why the last attempt did. */
export interface HeldFlush {
  readonly sinceMs: number;
  readonly reason: string;
}

interface FailureReports {
  readonly logger: Logger;
  readonly metrics: SinkMetrics;
  readonly trace: FlushTrace | undefined;
}

/** What went wrong with the flushes of a partition since the last that succeeded or made progress. */
export class FlushFailures {
  private heldFlush: HeldFlush | undefined;
  private internalErrorsInARow = 0;

  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly reports: FailureReports,
  ) {}

  /** Absent while flushes succeed, or make progress. */
  get held(): HeldFlush | undefined {
    return this.heldFlush;
  }

  progressed(): void {
    this.heldFlush = undefined;
    this.internalErrorsInARow = 0;
  }

  report(error: unknown, attempt: number): void {
    const { revoked, topic, partition } = this.assignment;
    if (revoked.aborted) return;
    const { logger, metrics, trace } = this.reports;
    const code = codeOf(error);
    const reason = `${code}: ${messageOf(error)}`;
    this.heldFlush = { sinceMs: this.heldFlush?.sinceMs ?? performance.now(), reason };
    metrics.flushRetries.inc({ topic, code });
    trace?.attemptFailed(code);
    logger.warn({ err: error, topic, partition, attempt, ...trace?.fields }, 'flush failed, partition held');
  }

  /** @returns why no further attempt is made after this one; undefined while one may succeed. */
  hopeless(error: unknown): PartitionHaltedError | undefined {
    this.internalErrorsInARow = codeOf(error) === INTERNAL_ERROR ? this.internalErrorsInARow + 1 : 0;
    if (this.internalErrorsInARow < INTERNAL_ERRORS_IN_A_ROW) return undefined;
    const message = `${INTERNAL_ERRORS_IN_A_ROW} attempts in a row ended with an error of the sink itself: ${messageOf(error)}`;
    return new PartitionHaltedError(INTERNAL_ERROR, message, { cause: error });
  }
}

export function codeOf(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : INTERNAL_ERROR;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.length > MESSAGE_CHARACTERS ? `${text.slice(0, MESSAGE_CHARACTERS)}…` : text;
}
