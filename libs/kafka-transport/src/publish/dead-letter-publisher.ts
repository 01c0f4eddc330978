import { type KafkaRecord } from '../consume/record-batch.ts';
import { type OutgoingRecord } from './outgoing-record.ts';
import { type RecordPublisher } from './record-publisher.ts';

/** Why and where a record could not be stored; each field becomes a header of the dead letter. */
export interface DeadLetterReason {
  readonly code: string;
  readonly message: string;
  readonly topic: string;
  readonly partition: number;
  /** The consumer group of the sink that gave up. */
  readonly sink: string;
  readonly attempt: number;
}

/** Header names of a dead letter, beside the original record's own headers. */
export const DEAD_LETTER_HEADERS = {
  code: 'dlq.code',
  message: 'dlq.message',
  topic: 'dlq.topic',
  partition: 'dlq.partition',
  offset: 'dlq.offset',
  timestamp: 'dlq.timestamp',
  sink: 'dlq.sink',
  attempt: 'dlq.attempt',
  failedAt: 'dlq.failed_at',
} as const;

const MAX_MESSAGE_LENGTH = 1_000;

/** The dead letter of a record: original key, bytes and headers, plus provenance. */
export function deadLetter(record: KafkaRecord, reason: DeadLetterReason): OutgoingRecord {
  const names = DEAD_LETTER_HEADERS;
  return {
    key: record.key,
    value: record.value,
    headers: {
      ...(record.headers as OutgoingRecord['headers']),
      [names.code]: reason.code,
      [names.message]: reason.message.slice(0, MAX_MESSAGE_LENGTH),
      [names.topic]: reason.topic,
      [names.partition]: String(reason.partition),
      [names.offset]: record.offset,
      [names.timestamp]: record.timestamp,
      [names.sink]: reason.sink,
      [names.attempt]: String(reason.attempt),
      [names.failedAt]: new Date().toISOString(),
    },
  };
}

/** Moves records that a store refuses for ever to `<topic>.<group>.dlq`. */
export class DeadLetterPublisher {
  constructor(private readonly publisher: Pick<RecordPublisher, 'publish'>) {}

  /** Resolves when the broker has acknowledged all dead letters; until then the offset must not advance. */
  async publish(
    deadLetterTopic: string,
    letters: readonly { record: KafkaRecord; reason: DeadLetterReason }[],
  ): Promise<void> {
    await this.publisher.publish(
      deadLetterTopic,
      letters.map(({ record, reason }) => deadLetter(record, reason)),
    );
  }
}
