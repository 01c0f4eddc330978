import { type Position } from './journey.ts';

/** A record that a sink could not store. */
export interface FoundLetter {
  readonly group: string;
  readonly code: string;
  readonly message: string;
  /** Where the record lies in its own topic. */
  readonly position: Position;
}

/** Looks an event up among the dead letters of every sink. */
export interface DeadLetters {
  /** @throws anything (as rejection), within some seconds. */
  find(eventId: string): Promise<readonly FoundLetter[]>;
}

export const DEAD_LETTERS = Symbol('dead-letters');
