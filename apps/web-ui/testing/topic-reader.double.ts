import { type KafkaRecord, type PartitionExtent, type TopicReader } from '@pipeline/kafka-transport';

type Read = TopicReader['read'];

/** Topics of one partition that hold what they were given; a read can be held up. */
export class MemoryTopicReader implements Pick<TopicReader, 'read'> {
  readonly topics = new Map<string, KafkaRecord[]>();
  /** Topics read so far, and how many of the newest records each read asked for. */
  readonly reads: [topic: string, newest: number | undefined][] = [];
  /** Every read waits for it. */
  held: Promise<void> = Promise.resolve();

  put(topic: string, value: string, headers: Readonly<Record<string, string>> = {}): void {
    const records = this.topics.get(topic) ?? [];
    const record = { key: null, value: Buffer.from(value), offset: records.length, timestamp: 0 };
    this.topics.set(topic, [...records, { ...record, headers }]);
  }

  read: Read = async (topic, onChunk, { newest } = {}): Promise<PartitionExtent[]> => {
    this.reads.push([topic, newest]);
    await this.held;
    const records = this.topics.get(topic) ?? [];
    await onChunk({ partition: 0, records: newest === undefined ? records : records.slice(-newest) });
    return [{ partition: 0, startOffset: 0n, endOffset: BigInt(records.length) }];
  };
}
