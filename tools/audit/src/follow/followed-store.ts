import { type Ledger } from '../ledger/ledger.ts';
import { type RecordRange } from './followed-kafka.ts';
import { type StoreName } from './proved-hour.ts';

/** Records of one partition and one hour of append time that are to be compared. */
export interface Window extends RecordRange {
  /** UTC hours since the epoch. */
  readonly hour: number;
  /** The event ids of the records, each once. */
  readonly ids: readonly string[];
  /** Bytes of their values. */
  readonly bytes: number;
  /** Look as well for what names these offsets and should not be there: after a measure that has changed. */
  readonly isThorough: boolean;
}

/** One store as the continuous audit sees it. */
export interface FollowedStore {
  readonly name: StoreName;
  /** Most records of a window. */
  readonly maxRecords: number;
  /** Gives the ledger what the store has of a window. @returns its measure. */
  read(window: Window, ledger: Ledger): Promise<number>;
  /** What the store has of these records, as a number that changes when something is taken away or put there. Cheap. */
  measure(range: RecordRange & { readonly hour: number }): Promise<number>;
}
