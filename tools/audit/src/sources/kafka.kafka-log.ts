import { deadLetterTopic } from '@pipeline/event-schema';
import {
  DEAD_LETTER_HEADERS,
  type KafkaRecord,
  type PartitionExtent,
  type TopicReader,
} from '@pipeline/kafka-transport';
import { AuditError } from '../audit-error.ts';
import { type DeadLetter } from '../ledger/ledger.ts';
import { type SinkName } from '../report/findings.ts';
import { type KafkaLog } from './kafka-log.ts';

/** Reads Kafka through the transport library. Leaves no group and no committed offset behind. */
export class KafkaKafkaLog implements KafkaLog {
  constructor(
    private readonly reader: TopicReader,
    private readonly topic: string,
  ) {}

  async extents(): Promise<PartitionExtent[]> {
    try {
      return await this.reader.extents(this.topic);
    } catch (error) {
      if (!isMissingTopic(error)) throw error;
      throw new AuditError('topic-missing', `the topic ${this.topic} does not exist`, { cause: error });
    }
  }

  async read(onRecord: (partition: number, record: KafkaRecord) => void): Promise<void> {
    await this.reader.read(this.topic, ({ partition, records }) => {
      for (const record of records) onRecord(partition, record);
    });
  }

  async readDeadLetters(sink: SinkName, onLetter: (letter: DeadLetter) => void): Promise<void> {
    try {
      await this.reader.read(deadLetterTopic(this.topic, sink), ({ records }) => {
        for (const record of records) onLetter(deadLetterOf(record));
      });
    } catch (error) {
      if (!isMissingTopic(error)) throw error;
    }
  }

  async lag(sink: SinkName): Promise<number> {
    const [committed, extents] = await Promise.all([this.reader.committed(this.topic, sink), this.extents()]);
    const lags = extents.map(({ partition, startOffset, endOffset }) => {
      const next = committed.get(partition) ?? startOffset;
      return Number(endOffset - (next > startOffset ? next : startOffset));
    });
    return lags.reduce((sum, lag) => sum + lag, 0);
  }
}

/** Headers that are not there become offsets that no topic has. */
function deadLetterOf({ value, headers = {} }: KafkaRecord): DeadLetter {
  const count = (name: string) => Number(headers[name]?.toString() ?? -1);
  return {
    partition: count(DEAD_LETTER_HEADERS.partition),
    offset: count(DEAD_LETTER_HEADERS.offset),
    value,
  };
}

function isMissingTopic(error: unknown): boolean {
  return (error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION';
}
