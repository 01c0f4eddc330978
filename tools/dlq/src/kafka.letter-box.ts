import { type Values } from '@pipeline/config';
import { deadLetterTopic, type SinkName } from '@pipeline/event-schema';
import {
  headerText,
  kafkaConnection,
  pause,
  publisherOptions,
  RecordPublisher,
  TopicReader,
  TransportError,
  type OutgoingRecord,
} from '@pipeline/kafka-transport';
import { createLogger, Readiness } from '@pipeline/observability';
import { type dlqSettings } from './dlq.config.ts';
import { type LetterBox } from './letter-box.ts';
import { type Letter, letterOf } from './letter.ts';
import { REPLAY_OF } from './original-record.ts';

const CONNECT_TIMEOUT_MS = 20_000;

/** The dead letters of one topic in Kafka. Connects for publishing only when something is published. */
export class KafkaLetterBox implements LetterBox {
  private readonly logger = createLogger('dlq', 'silent');
  private readonly reader: TopicReader;
  private publisher: RecordPublisher | undefined;

  constructor(
    private readonly settings: Values<(typeof dlqSettings)['shape']>,
    private readonly topic: string,
  ) {
    this.reader = new TopicReader(kafkaConnection(settings, 'dlq'), this.logger);
  }

  async read(sink: SinkName, onLetters: (letters: readonly Letter[]) => void | Promise<void>): Promise<void> {
    await this.reader.read(deadLetterTopic(this.topic, sink), ({ partition, records }) =>
      onLetters(records.map((record) => letterOf(sink, partition, record))),
    );
  }

  async replayed(): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    await this.reader.read(this.topic, ({ records }) => {
      for (const { headers } of records) {
        const name = headerText(headers, REPLAY_OF);
        if (name !== undefined) names.add(name);
      }
    });
    return names;
  }

  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    if (records.length === 0) return;
    this.publisher ??= await this.connect();
    await this.publisher.publish(this.topic, records);
  }

  async close(): Promise<void> {
    await this.publisher?.close();
  }

  private async connect(): Promise<RecordPublisher> {
    const readiness = new Readiness();
    const publisher = new RecordPublisher({
      connection: kafkaConnection(this.settings, 'dlq'),
      settings: publisherOptions(this.settings),
      logger: this.logger,
      topics: [this.topic],
      readiness,
    });
    publisher.connect();
    const deadline = performance.now() + CONNECT_TIMEOUT_MS;
    while (Object.keys(readiness.notReady()).length > 0) {
      if (performance.now() < deadline) await pause(50);
      else {
        await publisher.close();
        throw new TransportError('broker-unavailable', 'Kafka does not accept records');
      }
    }
    return publisher;
  }
}
