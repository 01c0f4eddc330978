import { type Logger } from '@pipeline/observability';
import { type KafkaConnection } from './kafka-connection.ts';
import { createMessageClient } from './kafka-clients.ts';

const TIMEOUTS = { requestTimeoutMs: 2_000, connectionTimeoutMs: 1_000, maxRetryTimeMs: 300, retries: 0 };
const LEADER_ONLY = 1;

/**
 * Writes one record after the other to a topic, beside the work of a process: nothing is tried again, since the next record
 * says more. Connects at the first send, and again after a failure.
 */
export class SingleRecordProducer {
  private readonly producer;
  private connected = false;

  constructor(
    private readonly topic: string,
    { connection, logger }: { readonly connection: KafkaConnection; readonly logger: Logger },
  ) {
    const client = createMessageClient(connection, logger, { timeouts: TIMEOUTS });
    this.producer = client.producer({ retry: { retries: 0 } });
  }

  /** @returns when the broker appended it, in milliseconds since the epoch; -1 if the topic has the producer's times. */
  async send(value: Buffer): Promise<number> {
    if (!this.connected) await this.producer.connect();
    this.connected = true;
    try {
      const record = { topic: this.topic, acks: LEADER_ONLY, timeout: TIMEOUTS.requestTimeoutMs };
      const [outcome] = await this.producer.send({ ...record, messages: [{ value }] });
      return Number(outcome?.logAppendTime ?? -1);
    } catch (error) {
      this.connected = false;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.connected) await this.producer.disconnect();
  }
}
