import { type RejectedEvent } from '@pipeline/event-schema/contract';

/** An event that a collector refused, and where it lies in `<topic>.rejected`. */
export interface RejectedLetter extends RejectedEvent {
  readonly partition: number;
  readonly offset: string;
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
