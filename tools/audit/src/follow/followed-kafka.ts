import { type SinkName } from '@pipeline/event-schema';
import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter, type LoggedRecord } from '../ledger/ledger.ts';

/** A topic, its dead letters and the groups of its sinks, asked again and again. */
export interface FollowedKafka {
  /** How far the topic and a sink are now, or were a moment ago: those who ask at one time share an answer. */
  position(sink: SinkName): Promise<Position>;
  /** The records in `[startOffset, nextOffset)` of a partition, each valid until `onRecord` returns. */
  read(range: RecordRange, onRecord: (record: LoggedRecord) => void): Promise<void>;
  /** What a sink's dead-letter topic holds: not older than the last {@link position}. */
  letterExtents(sink: SinkName): Promise<readonly PartitionExtent[]>;
  /** What lies in a sink's dead-letter topic in these extents. */
  readDeadLetters(
    sink: SinkName,
    extents: readonly PartitionExtent[],
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<void>;
}

export interface Position {
  /** Milliseconds since the epoch. */
  readonly askedAtMs: number;
  /** What each partition holds; asked behind the commits. */
  readonly extents: readonly PartitionExtent[];
  /** By partition, the offset up to which the sink has stored everything. */
  readonly committed: ReadonlyMap<number, bigint>;
}

export interface RecordRange {
  readonly partition: number;
  readonly startOffset: number;
  readonly nextOffset: number;
}

/** Where a letter lies in its dead-letter topic. */
export interface LetterPlace {
  readonly partition: number;
  readonly offset: bigint;
}
