import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter } from '../ledger/ledger.ts';
import { type SinkName } from '../report/findings.ts';

/** A topic, its dead letters and the groups of its sinks, asked again and again. */
export interface FollowedKafka {
  extents(): Promise<readonly PartitionExtent[]>;
  /** By partition, the offset up to which a sink has stored everything. */
  committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>>;
  /** The records in `[startOffset, nextOffset)` of a partition, each valid until `onRecord` returns. */
  read(range: RecordRange, onRecord: (record: KafkaRecord) => void): Promise<void>;
  /**
   * What lies in a sink's dead-letter topic from these places on, by partition of that topic; from its start where none
   * is given. @returns the places to go on from.
   */
  readDeadLetters(
    sink: SinkName,
    from: ReadonlyMap<number, bigint>,
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<Map<number, bigint>>;
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
