import { RecordPublisher, type KafkaConnection, type OutgoingRecord } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { eventually } from '@pipeline/testing';
import { type Click } from './click.ts';
import { type Outlet } from './outlet.ts';

const SETTINGS = {
  acks: 'all',
  compression: 'none',
  maxBatchBytes: 900_000,
  maxQueueBytes: 32 << 20,
  timeoutMs: 5_000,
  retries: 3,
} as const;

/** Past the collector, for drills of the sinks. */
export class KafkaOutlet implements Outlet<Click> {
  private readonly publisher: RecordPublisher;

  constructor(
    connection: KafkaConnection,
    private readonly topic: string,
  ) {
    const logger = createLogger('drill', 'silent');
    this.publisher = new RecordPublisher({
      connection,
      settings: SETTINGS,
      logger,
      topics: [topic],
    });
    this.publisher.connect();
  }

  async send(events: readonly Click[]): Promise<readonly string[]> {
    const records = events.map((event) => ({ key: event.visitor_id, value: JSON.stringify(event) }));
    try {
      await this.publisher.publish(this.topic, records);
      return events.map(({ event_id }) => event_id);
    } catch {
      return [];
    }
  }

  /** Records as they are. @throws what Kafka says. */
  async sendRecords(records: readonly OutgoingRecord[], topic = this.topic): Promise<void> {
    // Nothing is refused once the publisher has found its broker, so nothing is sent twice.
    await eventually(() => this.publisher.publish(topic, []));
    await this.publisher.publish(topic, records);
  }

  close(): Promise<void> {
    return this.publisher.close();
  }
}
