import { type SinkName } from '@pipeline/event-schema';
import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { type DeadLetter } from '../ledger/ledger.ts';

/** The audited topic, its dead letters and its consumer groups in Kafka. */
export interface KafkaLog {
  /** What the topic holds now. */
  extents(): Promise<PartitionExtent[]>;
  /** Every record that the topic holds, in order within a partition. */
  read(onRecord: (partition: number, record: KafkaRecord) => void): Promise<void>;
  /** Every record of a sink's dead-letter topic; a topic that does not exist holds none. */
  readDeadLetters(sink: SinkName, onLetter: (letter: DeadLetter) => void): Promise<void>;
  /** By partition, the offset up to which a sink has stored everything; a partition without a commit is absent. */
  committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>>;
}
