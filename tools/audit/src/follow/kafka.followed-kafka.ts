import { deadLetterTopic } from '@pipeline/event-schema';
import {
  type KafkaRecord,
  type OffsetReader,
  type PartitionExtent,
  type RangeReader,
} from '@pipeline/kafka-transport';
import { type DeadLetter } from '../ledger/ledger.ts';
import { type SinkName } from '../report/findings.ts';
import { deadLetterOf } from '../sources/kafka.kafka-log.ts';
import { type FollowedKafka, type LetterPlace, type RecordRange } from './followed-kafka.ts';

/** Kafka over a few lasting connections, without a consumer group. */
export class KafkaFollowedKafka implements FollowedKafka {
  constructor(
    private readonly topic: string,
    private readonly offsets: Pick<OffsetReader, 'extents' | 'committed'>,
    private readonly ranges: Pick<RangeReader, 'read'>,
  ) {}

  extents(): Promise<readonly PartitionExtent[]> {
    return this.offsets.extents(this.topic);
  }

  async committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>> {
    return (await this.offsets.committed(sink, [this.topic])).get(this.topic) ?? new Map<number, bigint>();
  }

  async read(
    { partition, startOffset, nextOffset }: RecordRange,
    onRecord: (record: KafkaRecord) => void,
  ): Promise<void> {
    const range = { startOffset: BigInt(startOffset), endOffset: BigInt(nextOffset) };
    await this.ranges.read({ topic: this.topic, partition, ...range }, (records) =>
      records.forEach(onRecord),
    );
  }

  async readDeadLetters(
    sink: SinkName,
    from: ReadonlyMap<number, bigint>,
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<Map<number, bigint>> {
    const topic = deadLetterTopic(this.topic, sink);
    const ends = new Map<number, bigint>();
    for (const extent of await this.offsets.extents(topic)) {
      const { partition, endOffset } = extent;
      const wanted = from.get(partition) ?? 0n;
      const startOffset = wanted > extent.startOffset ? wanted : extent.startOffset;
      await this.ranges.read({ topic, partition, startOffset, endOffset }, (records) => {
        for (const record of records) {
          onLetter(deadLetterOf(this.topic, record), { partition, offset: BigInt(record.offset) });
        }
      });
      ends.set(partition, endOffset);
    }
    return ends;
  }
}
