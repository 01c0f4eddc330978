import { type Values } from '@pipeline/config';
import { rejectedTopic } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { kafkaConnection, type KafkaRecord, TopicReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { type dlqSettings } from '../dlq.config.ts';
import { type RejectedBox, type RejectedLetter } from './rejected-box.ts';

/** The refused events of one topic in Kafka. */
export class KafkaRejectedBox implements RejectedBox {
  private readonly reader: TopicReader;

  constructor(
    settings: Values<(typeof dlqSettings)['shape']>,
    private readonly topic: string,
  ) {
    this.reader = new TopicReader(kafkaConnection(settings, 'dlq'), createLogger('dlq', 'silent'));
  }

  async read(onLetters: (letters: readonly RejectedLetter[]) => void | Promise<void>): Promise<void> {
    await this.reader.read(rejectedTopic(this.topic), ({ partition, records }) =>
      onLetters(records.map((record) => letterOf(partition, record))),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Only collectors write there, so what it holds has their form. */
function letterOf(partition: number, { offset, value }: KafkaRecord): RejectedLetter {
  return { ...(JSON.parse(String(value)) as RejectedEvent), partition, offset };
}
