import { deadLetterTopic } from '@pipeline/event-schema';
import {
  backoffMs,
  type DeadLetterPublisher,
  type PartitionAssignment,
  pause,
} from '@pipeline/kafka-transport';
import { type PipelineMetrics } from '@pipeline/observability';
import { type DeadLetterBreaker } from './dead-letter-breaker.ts';
import { PartitionHaltedError } from './partition-halted-error.ts';
import { PartitionRevokedError } from './partition-revoked-error.ts';
import { type WriteReport } from './sink-writer.ts';

export interface PartitionDeadLettersOptions {
  readonly group: string;
  readonly publisher: Pick<DeadLetterPublisher, 'publish'>;
  readonly breaker: DeadLetterBreaker;
  readonly metrics: PipelineMetrics;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Refused records of one partition on their way to the dead-letter topic, unless the store takes nothing any more. */
export class PartitionDeadLetters {
  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly options: PartitionDeadLettersOptions,
  ) {}

  /**
   * Resolves when the broker has all of them. Never gives up: a record that is neither stored nor in the dead-letter
   * topic would be lost.
   * @throws PartitionHaltedError when the breaker is open; then nothing was moved.
   * @throws PartitionRevokedError once the partition is lost.
   */
  async move(report: WriteReport, attempt: number): Promise<void> {
    this.check(report);
    const { rejected } = report;
    if (rejected.length === 0) return;
    const { topic, partition, revoked } = this.assignment;
    const { group, publisher, backoff, onFailure } = this.options;
    const letters = rejected.map(({ record, code, message }) => ({
      record,
      reason: { code, message, topic, partition, sink: group, attempt },
    }));
    for (let round = 1; !revoked.aborted; round++) {
      try {
        await publisher.publish(deadLetterTopic(topic, group), letters);
        return;
      } catch (error) {
        onFailure(error, round);
        await pause(backoffMs(round, backoff), revoked);
      }
    }
    throw new PartitionRevokedError();
  }

  private check({ written, duplicates, rejected }: WriteReport): void {
    const { topic, partition } = this.assignment;
    const { breaker, metrics } = this.options;
    const byStore = rejected.filter((record) => record.byStore);
    const refused = byStore.map(({ record }) => record);
    const allowed = breaker.allows({ taken: written + duplicates, refused });
    metrics.storeRefusalsInARow.set({ topic, partition }, breaker.refusedInARow);
    metrics.deadLetterBreakerOpen.set({ topic, partition }, allowed ? 0 : 1);
    if (allowed) return;
    const [first] = byStore;
    throw new PartitionHaltedError(
      'store-takes-nothing',
      `the store takes no record any more (${breaker.refusedInARow} in a row, this one as ${first?.code}: ${first?.message}); the last ${rejected.length} were not moved to the dead-letter topic`,
    );
  }
}
