import { deadLetterTopic } from '@pipeline/event-schema';
import {
  backoffMs,
  type DeadLetter,
  type DeadLetterPublisher,
  type PartitionAssignment,
  pause,
  TransportError,
} from '@pipeline/kafka-transport';
import { type DeadLetterBreaker } from './dead-letter-breaker.ts';
import { PartitionHaltedError, PartitionRevokedError } from './partition-errors.ts';
import { type SinkMetrics } from './sink-metrics.ts';
import { type WriteReport } from './sink-writer.ts';

export interface PartitionDeadLettersOptions {
  readonly group: string;
  readonly publisher: Pick<DeadLetterPublisher, 'publish'>;
  readonly breaker: DeadLetterBreaker;
  readonly metrics: SinkMetrics;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
  readonly onFailure: (error: unknown, attempt: number) => void;
}

/** Letters are published in portions of so many bytes: a flush may be larger than what may wait for Kafka. */
const PORTION_BYTES = 4 << 20;

/** Refused records of one partition on their way to the dead-letter topic, unless the store takes nothing any more. */
export class PartitionDeadLetters {
  constructor(
    private readonly assignment: PartitionAssignment,
    private readonly options: PartitionDeadLettersOptions,
  ) {}

  /**
   * Resolves when the broker has all of them. Never gives up: a record that is neither stored nor in the dead-letter
   * topic would be lost.
   * @throws PartitionHaltedError when the breaker is open; then nothing was moved. Also when our own code cannot write a
   * letter, for that will not change.
   * @throws PartitionRevokedError once the partition is lost.
   */
  async move(report: WriteReport, attempt: number): Promise<void> {
    this.check(report);
    const { rejected } = report;
    if (rejected.length === 0) return;
    const { topic, partition } = this.assignment;
    const { group } = this.options;
    const letters = rejected.map(({ record, code, message }) => ({
      record,
      reason: { code, message, topic, partition, sink: group, attempt },
    }));
    for (const portion of portionsOf(letters)) await this.publish(portion);
  }

  private async publish(letters: readonly DeadLetter[]): Promise<void> {
    const { topic, revoked } = this.assignment;
    const { group, publisher, backoff, onFailure } = this.options;
    const letterTopic = deadLetterTopic(topic, group);
    for (let round = 1; !revoked.aborted; round++) {
      try {
        await publisher.publish(letterTopic, letters);
        return;
      } catch (error) {
        if (!(error instanceof TransportError)) throw unwritable(letterTopic, error);
        onFailure(new LettersWaitError(letterTopic, error), round);
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

/** Dead letters cannot be written now; Kafka says why. */
class LettersWaitError extends Error {
  override readonly name = 'LettersWaitError';
  readonly code: string;

  constructor(letterTopic: string, cause: TransportError) {
    super(`${letterTopic} does not take dead letters: ${cause.message}`, { cause });
    this.code = `dlq-${cause.code}`;
  }
}

function unwritable(letterTopic: string, error: unknown): PartitionHaltedError {
  return new PartitionHaltedError(
    'dead-letter-unwritable',
    `a dead letter for ${letterTopic} cannot be written: ${String(error)}`,
    { cause: error },
  );
}

function* portionsOf(letters: readonly DeadLetter[]): Generator<DeadLetter[]> {
  let portion: DeadLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const { value, key } = letter.record;
    const size = (value?.length ?? 0) + (key?.length ?? 0);
    if (portion.length > 0 && bytes + size > PORTION_BYTES) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(letter);
    bytes += size;
  }
  yield portion;
}
