import { type StoreName } from '@pipeline/event-schema';
import { type Ledger } from '../ledger/ledger.ts';
import { type EventTexts } from './event-texts.ts';
import { type RecordRange } from './followed-kafka.ts';
import { type LineageEnd } from './lineage-end.ts';
import { type RecordDigests } from './record-digests.ts';

/** Records of one partition that were appended in one hour. */
export interface HourRange extends RecordRange {
  /** UTC hours since the epoch. */
  readonly hour: number;
}

/** Records of one partition and one hour of append time that are to be compared. */
export interface Window extends HourRange {
  /** The event ids of the records, each once. */
  readonly ids: readonly string[];
  /** Bytes of their values. */
  readonly bytes: number;
  /** Look as well for what names these offsets and should not be there: after a measure that has changed. */
  readonly isThorough: boolean;
}

/** A window as its bytes are compared; all of it valid until the answer is there. */
export interface StepWindow {
  readonly records: RecordDigests;
  /** Of each record; only for the store that keeps events by their ids. */
  readonly texts: EventTexts | undefined;
  readonly lineage: LineageEnd;
}

/** One store as the continuous audit sees it. */
export interface FollowedStore {
  readonly name: StoreName;
  /** Most records of a window. */
  readonly maxRecords: number;
  /** A look begins: what was in the store before this call is seen by what is asked after it. */
  begin(): void;
  /**
   * Compares what the store has of a window with what its records must have become, byte by byte and in their order.
   * @returns the measure of {@link read}; nothing where anything is missing, different, or there besides.
   */
  readInStep(window: StepWindow): Promise<number | undefined>;
  /** Gives the ledger what the store has of a window. @returns its measure. */
  read(window: Window, ledger: Ledger): Promise<number>;
  /** What the store has of each of these, as a number that changes when something is taken away or put there. Cheap. */
  measure(hours: readonly HourRange[]): Promise<readonly number[]>;
}
