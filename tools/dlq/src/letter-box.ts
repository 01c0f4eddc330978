import { type SinkName } from '@pipeline/event-schema';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { type Letter } from './letter.ts';

/** The dead letters of a topic, and the way back into it. */
export interface LetterBox {
  /** Every letter that lies there now; the next ones wait for `onLetters`. */
  read(sink: SinkName, onLetters: (letters: readonly Letter[]) => void | Promise<void>): Promise<void>;
  /** Names of the letters that were replayed before. */
  replayed(): Promise<ReadonlySet<string>>;
  /** Puts records into the topic. Resolves when the broker has acknowledged all. */
  publish(records: readonly OutgoingRecord[]): Promise<void>;
}
