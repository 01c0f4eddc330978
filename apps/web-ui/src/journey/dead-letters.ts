import { type DocumentQuery } from '@pipeline/event-schema';
import { type Position } from '../protocol/journey.ts';

/** A record that a sink could not store. */
export interface FoundLetter {
  readonly group: string;
  readonly code: string;
  readonly message: string;
  /** Where the record lies in its own topic. */
  readonly position: Position;
}

/** Looks an event up among the dead letters of every sink, by its id or by the place of its record. */
export interface DeadLetters {
  /** @throws anything (as rejection), within some seconds. */
  find(sought: DocumentQuery): Promise<readonly FoundLetter[]>;
}

export const DEAD_LETTERS = Symbol('dead-letters');
