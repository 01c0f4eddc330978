import { deadLetterTopic } from '@pipeline/event-schema';
import {
  backoffMs,
  type DeadLetterPublisher,
  type KafkaRecord,
  type PartitionAssignment,
  pause,
} from '@pipeline/kafka-transport';
import { type PipelineMetrics } from '@pipeline/observability';
import { type DeadLetterBreaker } from './dead-letter-breaker.ts';
import { PartitionHaltedError } from './partition-halted-error.ts';
import { PartitionRevokedError } from './partition-revoked-error.ts';
import { type RejectedRecord } from './sink-writer.ts';

export interface PartitionDeadLettersOptions {
  readonly group: string;
  readonly publisher: Pick<DeadLetterPublisher, 'publish'>;
  readonly breaker: DeadLetterBreaker;
  readonly metrics: PipelineMetrics;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Refused records of one partition on their way to the dead-letter topic, unless there are too many of them. */
export class PartitionDeadLetters {
  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly options: PartitionDeadLettersOptions,
  ) {}

  /**
   * Resolves when the broker has all of them. Never gives up: a record that is neither stored nor in the dead-letter
   * topic would be lost.
   * @param judged the records that the store decided about, the refused ones included.
   * @throws PartitionHaltedError when more of the latest records were refused than is allowed; then nothing was moved.
   * @throws PartitionRevokedError once the partition is lost.
   */
  async move(
    rejected: readonly RejectedRecord[],
    judged: readonly KafkaRecord[],
    attempt: number,
  ): Promise<void> {
    this.check(rejected, judged);
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

  private check(rejected: readonly RejectedRecord[], judged: readonly KafkaRecord[]): void {
    const { topic, partition } = this.assignment;
    const { breaker, metrics } = this.options;
    const refusedAt = positionsOf(rejected, judged);
    const allowed = breaker.allows({ records: judged.length, refusedAt });
    metrics.deadLetterShare.set({ topic, partition }, breaker.share);
    metrics.deadLetterBreakerOpen.set({ topic, partition }, allowed ? 0 : 1);
    if (allowed) return;
    const [first] = rejected;
    throw new PartitionHaltedError(
      'dead-letter-rate',
      `too many records are refused (${rejected.length} of ${judged.length}, the first as ${first?.code}: ${first?.message}); nothing was moved to the dead-letter topic`,
    );
  }
}

function positionsOf(rejected: readonly RejectedRecord[], judged: readonly KafkaRecord[]): number[] {
  if (rejected.length === 0) return [];
  const offsets = new Set(rejected.map(({ record }) => record.offset));
  return judged.flatMap(({ offset }, position) => (offsets.has(offset) ? [position] : []));
}
