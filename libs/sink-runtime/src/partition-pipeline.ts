import {
  backoffMs,
  type BackoffOptions,
  type DeadLetterPublisher,
  type PartitionAssignment,
  pause,
  type RecordBatch,
} from '@pipeline/kafka-transport';
import { type Logger, type Tracer } from '@pipeline/observability';
import { DeadLetterBreaker, type DeadLetterLimits } from './dead-letter-breaker.ts';
import { EndToEndLatency } from './end-to-end-latency.ts';
import { codeOf, FlushFailures, type HeldFlush } from './flush-failures.ts';
import { flushReason, type FlushPolicy } from './flush-policy.ts';
import { FlushTrace } from './flush-trace.ts';
import { PartitionDeadLetters } from './partition-dead-letters.ts';
import { PartitionHaltedError, PartitionRevokedError, StagingLostError } from './partition-errors.ts';
import { PartitionTally } from './partition-tally.ts';
import { type Flush, RecordBuffer, type Settle } from './record-buffer.ts';
import { type SinkMetrics } from './sink-metrics.ts';
import { type PartitionWriter, type RecordRange, type WriteReport } from './sink-writer.ts';

export interface PartitionPipelineOptions {
  readonly group: string;
  readonly policy: FlushPolicy;
  readonly deadLetterLimits: DeadLetterLimits;
  readonly deadLetters: Pick<DeadLetterPublisher, 'publish'>;
  readonly logger: Logger;
  readonly metrics: SinkMetrics;
  /** Absent: nothing is traced. */
  readonly tracer?: Tracer;
  /** Waits between attempts; a test gives its own. */
  readonly backoff?: BackoffOptions;
  /** Aborts when the store next answers its probe after it did not; a waiting flush is then tried at once. */
  readonly storeReturn?: () => AbortSignal;
  /** Raises or clears the partition's alarm. */
  readonly onHalted: (assignment: PartitionAssignment, error: PartitionHaltedError) => void;
}

const BACKOFF = { initialMs: 200, maxMs: 30_000 };
const NEVER = new AbortController().signal;

/**
 * One partition during one assignment: accept → batch → flush → commit. One flush is under way at a time, the next
 * fills meanwhile. A flush ends only when every record of its range is written, found, or dead-lettered; until then
 * it is tried again without limit, unless our own code fails, and only this partition waits. When the store can stage, a flush that is not due yet moves
 * to the store piece by piece as memory fills.
 */
export class PartitionPipeline {
  private readonly buffer = new RecordBuffer();
  private readonly labels: { readonly topic: string; readonly partition: number };
  private readonly breaker: DeadLetterBreaker;
  private readonly letters: PartitionDeadLetters;
  private readonly tally: PartitionTally;
  private readonly latency: EndToEndLatency;
  private readonly trace: FlushTrace | undefined;
  private readonly failures: FlushFailures;
  private timer: NodeJS.Timeout | undefined;
  private flushing = false;
  /** Set when staged records are gone: the transport is about to read the partition again. */
  private lost: StagingLostError | undefined;

  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly writer: PartitionWriter,
    private readonly options: PartitionPipelineOptions,
  ) {
    const { group, deadLetters: publisher, deadLetterLimits, metrics, logger, backoff = BACKOFF } = options;
    this.labels = { topic: assignment.topic, partition: assignment.partition };
    this.breaker = new DeadLetterBreaker(deadLetterLimits, assignment.memo?.text);
    const { tracer } = options;
    if (tracer?.isOn) this.trace = new FlushTrace(assignment, { group, tracer, logger });
    this.failures = new FlushFailures(assignment, { logger, metrics, trace: this.trace });
    const { breaker, failures } = this;
    this.letters = new PartitionDeadLetters(assignment, {
      group,
      publisher,
      breaker,
      metrics,
      backoff,
      onFailure: (error, attempt) => failures.report(error, attempt),
    });
    this.tally = new PartitionTally(assignment, metrics, logger);
    this.latency = new EndToEndLatency(assignment.topic, metrics);
    assignment.draining.addEventListener('abort', () => this.schedule(), { signal: assignment.revoked });
    assignment.revoked.addEventListener('abort', () => this.abandon(), { once: true });
  }

  /** Resolves when every record of the batch is durable or dead-lettered. Rejects when the partition is lost. */
  accept(batch: RecordBatch): Promise<void> {
    if (this.lost || this.assignment.revoked.aborted)
      return Promise.reject(this.lost ?? new PartitionRevokedError());
    return new Promise((resolve, reject) => {
      this.buffer.add(batch, performance.now(), { durable: resolve, lost: reject });
      this.options.metrics.bufferBytes.inc(batch.heldBytes);
      this.schedule();
    });
  }

  /** Absent while flushes succeed, or make progress. */
  get held(): HeldFlush | undefined {
    return this.failures.held;
  }

  /** Flushes when the policy says so, else looks again when the oldest record comes of age. */
  private schedule(): void {
    if (this.flushing || this.lost || this.assignment.revoked.aborted) return;
    clearTimeout(this.timer);
    const nowMs = performance.now();
    const memoryBytes = this.assignment.shareBytes / 2;
    const reason = flushReason(this.buffer, this.options.policy, {
      nowMs,
      memoryBytes,
      draining: this.assignment.draining.aborted,
    });
    if (reason === 'memory' && this.writer.stage) void this.stage();
    else if (reason !== undefined) void this.flush();
    else if (this.buffer.records > 0) {
      const dueMs = this.buffer.oldestAtMs + this.options.policy.maxAgeMs - nowMs;
      this.timer = setTimeout(() => this.schedule(), Math.max(1, dueMs));
    }
  }

  private async flush(): Promise<void> {
    this.flushing = true;
    const flush = this.buffer.take(this.options.policy);
    try {
      this.begin(flush.range);
      await this.write(flush.range);
      this.failures.progressed();
      this.settle(flush);
    } catch (error) {
      this.giveUp(error as Error, flush.batches);
    } finally {
      this.freed(flush.heldBytes);
    }
  }

  /** Moves what is buffered to the store; it stays undurable, and its batches unsettled, until the next flush. */
  private async stage(): Promise<void> {
    this.flushing = true;
    const piece = this.buffer.takePiece();
    try {
      this.begin(piece.range);
      await this.write(piece.range, async (range) => ({
        written: 0,
        duplicates: 0,
        rejected: (await this.writer.stage?.(range, this.assignment.revoked)) ?? [],
      }));
      if (this.assignment.revoked.aborted) throw new PartitionRevokedError();
      this.failures.progressed();
      this.buffer.keepStaged(piece);
    } catch (error) {
      this.giveUp(
        error as Error,
        piece.entries.map(({ settle }) => settle),
      );
    } finally {
      this.freed(piece.heldBytes);
    }
  }

  private begin({ records }: RecordRange): void {
    this.latency.take(records);
    this.trace?.take(records);
  }

  private freed(heldBytes: number): void {
    this.options.metrics.bufferBytes.dec(heldBytes);
    this.flushing = false;
    this.schedule();
  }

  /** The batches must be read again, and with them all that came after. */
  private giveUp(error: Error, batches: readonly Settle[]): void {
    this.tally.reset();
    this.latency.reset();
    this.trace?.lost(codeOf(error));
    for (const { lost } of batches) lost(error);
    if (!(error instanceof StagingLostError)) return;
    this.lost = error;
    this.abandon(error);
  }

  private settle({ range, records, batches }: Flush): void {
    const { metrics } = this.options;
    const newest = range.records.at(-1);
    metrics.flushRecords.observe({ topic: range.topic }, records);
    this.tally.settle(records);
    this.latency.stored();
    this.trace?.stored(records);
    if (this.assignment.memo) this.assignment.memo.text = this.breaker.memo;
    if (newest)
      metrics.durableSeconds.observe({ topic: range.topic }, (Date.now() - newest.timestamp) / 1_000);
    // Last first: the transport then commits once, at the end of the range, and never in the middle of it.
    for (const { durable } of batches.toReversed()) durable();
  }

  /** @throws PartitionRevokedError once the partition is lost, StagingLostError. */
  private async write(
    range: RecordRange,
    store = (rest: RecordRange) => this.writer.write(rest, this.assignment.revoked),
  ): Promise<void> {
    let remaining = range;
    let failuresInARow = 0;
    for (let attempt = 1; ; attempt++) {
      // Of before the attempt: a return during it is not missed.
      const returned = this.options.storeReturn?.() ?? NEVER;
      const before = remaining.records.length;
      const report = await this.attempt(() => store(remaining), { range: remaining, attempt });
      if (report) {
        this.tally.add(report);
        if (!report.retry) return;
        remaining = { ...range, records: report.retry.records };
        this.failures.report(report.retry.error, attempt);
      }
      // A store that took some of it is at work: only one that takes nothing is asked less and less often.
      failuresInARow = report ? 0 : failuresInARow + 1;
      if (report && remaining.records.length < before) this.failures.progressed();
      const { revoked } = this.assignment;
      await pause(
        backoffMs(failuresInARow, this.options.backoff ?? BACKOFF),
        AbortSignal.any([revoked, returned]),
      );
      if (revoked.aborted) throw new PartitionRevokedError();
      if (returned.aborted) failuresInARow = 0;
    }
  }

  private async attempt(
    store: () => Promise<WriteReport>,
    { range, attempt }: { readonly range: RecordRange; readonly attempt: number },
  ): Promise<WriteReport | undefined> {
    const stop = this.options.metrics.flushSeconds.startTimer({ topic: range.topic });
    try {
      const report = await store();
      stop();
      this.trace?.refused(report.rejected);
      await this.letters.move(report, attempt);
      return report;
    } catch (error) {
      if (error instanceof PartitionHaltedError) await this.halt(error);
      this.failures.report(error, attempt);
      if (error instanceof StagingLostError) throw error;
      const hopeless = this.failures.hopeless(error);
      if (hopeless !== undefined) await this.halt(hopeless);
      return undefined;
    }
  }

  /** Stays here until the partition is lost or the process ends. */
  private async halt(error: PartitionHaltedError): Promise<never> {
    this.options.metrics.partitionsHalted.set(this.labels, 1);
    this.options.logger.error({ err: error, ...this.labels }, 'partition halted');
    this.options.onHalted(this.assignment, error);
    const { revoked } = this.assignment;
    if (!revoked.aborted) {
      await new Promise((resolve) => revoked.addEventListener('abort', resolve, { once: true }));
    }
    throw new PartitionRevokedError();
  }

  private abandon(error: Error = new PartitionRevokedError()): void {
    clearTimeout(this.timer);
    this.options.metrics.bufferBytes.dec(this.buffer.heldBytes);
    this.buffer.clear(error);
  }
}
