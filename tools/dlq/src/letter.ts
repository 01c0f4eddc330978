import { type GROUPS } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS, type KafkaRecord } from '@pipeline/kafka-transport';

export type SinkName = (typeof GROUPS)['hdfsSink' | 'esSink'];

/** A dead letter: where it lies, what was refused and why. */
export interface Letter {
  readonly sink: SinkName;
  /** In the dead-letter topic. */
  readonly partition: number;
  readonly offset: string;
  readonly code: string;
  readonly message: string;
  /** Where the record was refused; empty where the headers do not say. */
  readonly source: { readonly topic: string; readonly partition: string; readonly offset: string };
  /** ISO-8601: when the sink gave up. */
  readonly failedAt: string;
  readonly record: KafkaRecord;
}

/** Reads what the sink wrote into the headers. */
export function letterOf(sink: SinkName, partition: number, record: KafkaRecord): Letter {
  const header = (name: keyof typeof DEAD_LETTER_HEADERS) =>
    record.headers?.[DEAD_LETTER_HEADERS[name]]?.toString() ?? '';
  return {
    sink,
    partition,
    offset: record.offset,
    code: header('code'),
    message: header('message'),
    source: { topic: header('topic'), partition: header('partition'), offset: header('offset') },
    failedAt: header('failedAt') || new Date(Number(record.timestamp)).toISOString(),
    record,
  };
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
  const timeMs = Date.parse(failedAt);
  if (codes !== undefined && !codes.includes(code)) return false;
  if (from !== undefined && timeMs < from.getTime()) return false;
  return to === undefined || timeMs < to.getTime();
}
