import { type Values } from '@pipeline/config';
import { rejectedTopic } from '@pipeline/event-schema';
import { kafkaConnection, TopicReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { type dlqSettings } from '../dlq.config.ts';
import { type RejectedBox, type RejectedLetter, rejectedOf } from './rejected-box.ts';

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
      onLetters(records.map((record) => rejectedOf(partition, record))),
    );
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
