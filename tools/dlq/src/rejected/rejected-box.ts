import { readRejectedEvent, type RejectedEvent } from '@pipeline/event-schema/contract';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { isoText } from '../cells.ts';
import { FOREIGN } from '../letter.ts';

/** An event that a collector refused, and where it lies in `<topic>.rejected`. */
export interface RejectedLetter extends Omit<RejectedEvent, 'code'> {
  readonly code: RejectedEvent['code'] | typeof FOREIGN;
  readonly partition: number;
  readonly offset: number;
}

/** Reads what the collector wrote. A stranger's record lies there as well, so it is shown. */
export function rejectedOf(partition: number, { offset, timestamp, value }: KafkaRecord): RejectedLetter {
  const event = readRejectedEvent(value);
  if (event) return { ...event, partition, offset };
  return {
    ...{ partition, offset, code: FOREIGN, message: 'not written by a collector', path: '' },
    ...{ received_at: isoText(new Date(timestamp)), is_masked: false, is_cut: false },
    text: String(value ?? ''),
  };
}

/** The refused events of a topic. */
export interface RejectedBox {
  /** Every one that lies there now; the next ones wait for `onLetters`. */
  read(onLetters: (letters: readonly RejectedLetter[]) => void | Promise<void>): Promise<void>;
}

/** Which refused events a command is about; what is absent does not matter. */
export interface RejectedFilter {
  readonly codes?: readonly string[] | undefined;
  /** Received at or after this. */
  readonly from?: Date | undefined;
  /** Received before this. */
  readonly to?: Date | undefined;
  /** Most events to show or send. */
  readonly limit: number;
}

export function isWanted(
  { code, received_at }: RejectedLetter,
  { codes, from, to }: RejectedFilter,
): boolean {
  const timeMs = Date.parse(received_at);
  if (codes !== undefined && !codes.includes(code)) return false;
  if (from !== undefined && timeMs < from.getTime()) return false;
  return to === undefined || timeMs < to.getTime();
}
