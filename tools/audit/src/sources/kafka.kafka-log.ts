import { deadLetterTopic, type SinkName } from '@pipeline/event-schema';
import {
  type KafkaRecord,
  type OffsetReader,
  type PartitionExtent,
  readLetterhead,
  type TopicReader,
} from '@pipeline/kafka-transport';
import { AuditError } from '../audit-error.ts';
import { type DeadLetter } from '../ledger/ledger.ts';
import { type KafkaLog } from './kafka-log.ts';

/** Reads Kafka through the transport library. Leaves no group and no committed offset behind. */
export class KafkaKafkaLog implements KafkaLog {
  constructor(
    private readonly reader: TopicReader,
    private readonly offsets: Pick<OffsetReader, 'extents' | 'committed'>,
    private readonly topic: string,
  ) {}

  extents(): Promise<PartitionExtent[]> {
    return this.ask(() => this.offsets.extents(this.topic));
  }

  async read(onRecord: (partition: number, record: KafkaRecord) => void): Promise<void> {
    await this.ask(() =>
      this.reader.read(this.topic, ({ partition, records }) => {
        for (const record of records) onRecord(partition, record);
      }),
    );
  }

  async readDeadLetters(sink: SinkName, onLetter: (letter: DeadLetter) => void): Promise<void> {
    try {
      await this.reader.read(deadLetterTopic(this.topic, sink), ({ records }) => {
        for (const record of records) onLetter(deadLetterOf(this.topic, record));
      });
    } catch (error) {
      if (!isMissingTopic(error)) throw kafkaError(error);
    }
  }

  committed(sink: SinkName): Promise<ReadonlyMap<number, bigint>> {
    const none: ReadonlyMap<number, bigint> = new Map();
    return this.ask(async () => (await this.offsets.committed(sink, [this.topic])).get(this.topic) ?? none);
  }

  private async ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    try {
      return await question();
    } catch (error) {
      if (!isMissingTopic(error)) throw kafkaError(error);
      throw new AuditError('topic-missing', `the topic ${this.topic} does not exist`, { cause: error });
    }
  }
}

/** No topic has this offset, so nothing is taken for the letter of a record. */
const NOWHERE = -1;

/** Of which record of the topic it is, as its headers say; anybody may write anything into a dead-letter topic. */
export function deadLetterOf(
  topic: string,
  { value, headers }: Pick<KafkaRecord, 'value' | 'headers'>,
): DeadLetter {
  const letter = readLetterhead(headers);
  if (letter?.topic !== topic) return { partition: NOWHERE, offset: NOWHERE, value };
  const isCut = letter.truncated.includes('value');
  return { partition: letter.partition, offset: Number(letter.offset), value, isCut };
}

/** The client wraps what it has tried several times. */
function isMissingTopic(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as { type?: string }).type === 'UNKNOWN_TOPIC_OR_PARTITION' || isMissingTopic(error.cause);
}

function kafkaError(error: unknown): AuditError {
  const reason = error instanceof Error ? error.message : String(error);
  return new AuditError('kafka', `Kafka (KAFKA_BROKERS): ${reason}`, { cause: error });
}
