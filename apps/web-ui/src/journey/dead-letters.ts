import { type DocumentQuery } from '@pipeline/event-schema';
import { type LetterGroup } from '../protocol/health-report.ts';
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
  /** Of the newest of each topic, most first. @throws anything (as rejection), within some seconds. */
  groups(): Promise<readonly LetterGroup[]>;
}

export const DEAD_LETTERS = Symbol('dead-letters');
