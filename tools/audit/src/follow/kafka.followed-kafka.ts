import { deadLetterTopic, GROUPS, type SinkName } from '@pipeline/event-schema';
import {
  type PartitionExtent,
  type OffsetReader,
  type Positions,
  type RangeReader,
} from '@pipeline/kafka-transport';
import { type DeadLetter, type LoggedRecord } from '../ledger/ledger.ts';
import { deadLetterOf } from '../sources/kafka.kafka-log.ts';
import { type FollowedKafka, type LetterPlace, type Position, type RecordRange } from './followed-kafka.ts';

/** The two loops of a topic ask when a round begins, which they do half a second apart. */
const SHARED_MS = 1_000;

/** Kafka over a few lasting connections, without a consumer group. */
export class KafkaFollowedKafka implements FollowedKafka {
  private asked: { readonly atMs: number; readonly answer: Promise<Positions> } | undefined;

  constructor(
    private readonly topic: string,
    private readonly positions: Pick<OffsetReader, 'read'>,
    private readonly ranges: Pick<RangeReader, 'read'>,
  ) {}

  async position(sink: SinkName): Promise<Position> {
    const { askedAtMs, committed, extents } = await this.ask();
    return { askedAtMs, extents: extents.get(this.topic)!, committed: committed.get(sink)! };
  }

  async read(
    { partition, startOffset, nextOffset }: RecordRange,
    onRecord: (record: LoggedRecord) => void,
  ): Promise<void> {
    const range = { startOffset: BigInt(startOffset), endOffset: BigInt(nextOffset) };
    await this.ranges.read({ topic: this.topic, partition, ...range }, onRecord);
  }

  async letterExtents(sink: SinkName): Promise<readonly PartitionExtent[]> {
    return (await this.ask()).extents.get(deadLetterTopic(this.topic, sink))!;
  }

  async readDeadLetters(
    sink: SinkName,
    extents: readonly PartitionExtent[],
    onLetter: (letter: DeadLetter, place: LetterPlace) => void,
  ): Promise<void> {
    const topic = deadLetterTopic(this.topic, sink);
    for (const { partition, startOffset, endOffset } of extents) {
      await this.ranges.read({ topic, partition, startOffset, endOffset }, (record) => {
        onLetter(deadLetterOf(this.topic, record), { partition, offset: BigInt(record.offset) });
      });
    }
  }

  private ask(): Promise<Positions> {
    const nowMs = performance.now();
    if (this.asked !== undefined && nowMs - this.asked.atMs < SHARED_MS) return this.asked.answer;
    const groups = [GROUPS.hdfsSink, GROUPS.esSink];
    const others = groups.map((group) => deadLetterTopic(this.topic, group));
    const answer = this.positions.read({ topic: this.topic, groups, others });
    this.asked = { atMs: nowMs, answer };
    return answer;
  }
}
