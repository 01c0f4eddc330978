import { type SinkName } from '@pipeline/event-schema';
import { type KafkaRecord, readLetterhead } from '@pipeline/kafka-transport';

/** The code under which records are listed that no sink has written. */
export const FOREIGN = 'foreign';

/** A record of a dead-letter topic: where it lies, what was refused and why. */
export interface Letter {
  readonly sink: SinkName;
  /** In the dead-letter topic. */
  readonly partition: number;
  readonly offset: number;
  readonly code: string;
  readonly message: string;
  /** Where the record was refused; absent: no sink has written this. */
  readonly source?: { readonly topic: string; readonly partition: number; readonly offset: string };
  /** When the sink gave up. */
  readonly failedAt: Date;
  /** Parts of the record that the letter does not have whole. */
  readonly truncated: readonly string[];
  readonly record: KafkaRecord;
}

/** Reads what the sink wrote into the headers. A stranger's record is a letter, too: it lies there, so it is shown. */
export function letterOf(sink: SinkName, partition: number, record: KafkaRecord): Letter {
  const place = { sink, partition, offset: record.offset, record };
  const head = readLetterhead(record.headers);
  if (!head) {
    const failedAt = new Date(record.timestamp);
    return { ...place, code: FOREIGN, message: 'not written by a sink', failedAt, truncated: [] };
  }
  const { code, message, topic, partition: from, offset, failedAt, truncated } = head;
  return { ...place, code, message, source: { topic, partition: from, offset }, failedAt, truncated };
}

/** Which dead letters a command is about; what is absent does not matter. */
export interface LetterFilter {
  readonly codes?: readonly string[] | undefined;
  /** Given up at or after this. */
  readonly from?: Date | undefined;
  /** Given up before this. */
  readonly to?: Date | undefined;
}

export function matches({ code, failedAt }: Letter, { codes, from, to }: LetterFilter): boolean {
  const timeMs = failedAt.getTime();
  if (codes !== undefined && !codes.includes(code)) return false;
  if (from !== undefined && timeMs < from.getTime()) return false;
  return to === undefined || timeMs < to.getTime();
}
