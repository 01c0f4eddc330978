import { type Logger } from '@pipeline/observability';
import { TransportError, type TransportErrorCode } from '@pipeline/kafka-driver';
import { type KafkaRecord } from '@pipeline/kafka-wire';
import {
  deadLetter,
  type DeadLetterReason,
  type KeptParts,
  SIMPLER_FORMS,
  smallerForms,
} from './dead-letter.ts';
import { type RecordPublisher } from './record-publisher.ts';

/** A record that a store will never take. */
export interface DeadLetter {
  readonly record: KafkaRecord;
  readonly reason: DeadLetterReason;
}

/** Kafka is there and does not take these records. */
const REFUSED: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  'record-too-large',
  'record-refused',
]);

/**
 * Moves records that a store will never take to `<topic>.<group>.dlq`. A letter that cannot be written as it is (too large
 * for the topic as it really is, or made of something that our own code does not get along with) is written without what
 * prevents it, and says so; where the record lies in its topic is in every letter.
 */
export class DeadLetterPublisher {
  constructor(
    private readonly publisher: Pick<RecordPublisher, 'publish'>,
    private readonly logger: Logger,
  ) {}

  /**
   * Resolves when the broker has acknowledged all dead letters; until then the offset must not advance.
   * @throws TransportError (as rejection): Kafka does not take letters now, the same call may succeed later. Anything else:
   * our own code cannot write even the least of a letter, and another attempt changes nothing.
   */
  async publish(deadLetterTopic: string, letters: readonly DeadLetter[]): Promise<void> {
    const refusal = await this.attempt(deadLetterTopic, letters);
    const [first] = letters;
    if (refusal === undefined || first === undefined) return;
    if (letters.length === 1) return this.publishLess(deadLetterTopic, first, refusal);
    for (const letter of letters) await this.publish(deadLetterTopic, [letter]);
  }

  /** Leaves out ever more of the record until the letter is taken. */
  private async publishLess(topic: string, letter: DeadLetter, refusal: Error): Promise<void> {
    const forms = refusal instanceof TransportError ? smallerForms(letter.record) : SIMPLER_FORMS;
    let reason = refusal;
    for (const kept of forms) {
      const next = await this.attempt(topic, [letter], kept);
      if (next === undefined) {
        const { topic: from, partition } = letter.reason;
        const where = { topic: from, partition, offset: letter.record.offset };
        this.logger.warn(
          { err: refusal, ...where, kept },
          'dead letter written without a part of its record',
        );
        return;
      }
      reason = next;
    }
    throw reason;
  }

  /** @returns why letters can never be written in this form. @throws what another attempt may mend. */
  private async attempt(
    topic: string,
    letters: readonly DeadLetter[],
    kept?: KeptParts,
  ): Promise<Error | undefined> {
    try {
      await this.publisher.publish(
        topic,
        letters.map(({ record, reason }) => deadLetter(record, reason, kept)),
      );
      return undefined;
    } catch (error) {
      if (error instanceof TransportError && !REFUSED.has(error.code)) throw error;
      return error as Error;
    }
  }
}
