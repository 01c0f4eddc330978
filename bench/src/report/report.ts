import { type LegResult, type Size } from '../leg.ts';
import { type Machine } from './machine.ts';

/** What became of one leg. */
export interface LegReport extends LegResult {
  readonly title: string;
  /** How long it took, everything included. */
  readonly seconds: number;
  /** Why it came to no result. */
  readonly error?: string;
}

/** One run of the command. */
export interface Report {
  /** ISO-8601. */
  readonly startedAt: string;
  readonly size: Size;
  readonly repetitions: number;
  readonly machine: Machine;
  readonly legs: readonly LegReport[];
}

/** Whether nothing of ours and of the floors was lost or doubled, and every leg came to its end. */
export function isSound(legs: readonly LegReport[]): boolean {
  return legs.every(({ faults = [], error }) => faults.length === 0 && error === undefined);
}
