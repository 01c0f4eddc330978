import { ClientKafka } from '@nestjs/microservices';
import { type Logger, type Readiness } from '@pipeline/observability';
import kafkajs from 'kafkajs';
import { lastValueFrom, timeout, TimeoutError } from 'rxjs';
import { backoffMs, pause } from '../backoff.ts';
import { createKafka } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { TransportError } from '../transport-error.ts';

export interface QueryClientOptions {
  readonly connection: KafkaConnection;
  /** Of this process alone: every instance must see the replies to its own questions. */
  readonly groupId: string;
  /** The questions that will be asked. */
  readonly patterns: readonly string[];
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly readiness?: Readiness;
}

const CONSUMER = { maxWaitTimeInMs: 1_500, allowAutoTopicCreation: false, metadataMaxAge: 30_000 };
const PRODUCER = {
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
};
const RETRY = { initialMs: 200, maxMs: 5_000 };

/** The asking side of Nest's Kafka request–reply: typed, with a time limit, usable before Kafka is there. */
export class QueryClient {
  private readonly client: ClientKafka;
  private readonly closing = new AbortController();
  private connected = false;

  constructor(private readonly options: QueryClientOptions) {
    const { connection, groupId, patterns, logger, readiness } = options;
    this.client = new LoggedClientKafka(connection, groupId, logger);
    for (const pattern of patterns) this.client.subscribeToResponseOf(pattern);
    readiness?.register('query client', () => (this.connected ? undefined : 'not connected to Kafka'));
  }

  /** Connects in the background until it succeeds; until then `ask` rejects. Returns at once. */
  connect(): void {
    void this.connectUntilDone();
  }

  /** Fails the open questions, leaves the reply group and deletes it. */
  async close(): Promise<void> {
    this.closing.abort();
    const wasConnected = this.connected;
    this.connected = false;
    await this.client.close();
    if (wasConnected) await this.deleteGroup();
  }

  /**
   * Asks a question and waits for its answer.
   * @throws TransportError (as rejection) `query-unavailable`, `query-timeout`, `query-failed`.
   */
  async ask<Request extends object, Reply>(pattern: string, request: Request): Promise<Reply> {
    if (!this.connected) throw new TransportError('query-unavailable', 'Kafka is not reachable');
    try {
      const reply = this.client.send<Reply, { value: Request }>(pattern, { value: request });
      return await lastValueFrom(reply.pipe(timeout(this.options.timeoutMs)));
    } catch (error) {
      if (error instanceof TimeoutError) {
        throw new TransportError('query-timeout', `No answer within ${this.options.timeoutMs} ms`, {
          cause: error,
        });
      }
      throw new TransportError('query-failed', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    }
  }

  private async connectUntilDone(): Promise<void> {
    for (let attempt = 0; !this.closing.signal.aborted; attempt++) {
      try {
        await this.client.connect();
        this.connected = true;
        return;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'query client could not connect');
        await pause(backoffMs(attempt, RETRY), this.closing.signal);
      }
    }
  }

  private async deleteGroup(): Promise<void> {
    const admin = createKafka(this.options.connection, this.options.logger).admin();
    try {
      await admin.connect();
      await admin.deleteGroups([this.options.groupId]);
    } catch (error) {
      this.options.logger.warn({ err: error, group: this.options.groupId }, 'group could not be deleted');
    } finally {
      await admin.disconnect();
    }
  }
}

class LoggedClientKafka extends ClientKafka {
  constructor(
    private readonly connection: KafkaConnection,
    groupId: string,
    private readonly kafkaLogger: Logger,
  ) {
    super({
      postfixId: '',
      client: { clientId: connection.clientId, brokers: [...connection.brokers] },
      consumer: { ...CONSUMER, groupId },
      subscribe: { fromBeginning: false },
      producer: PRODUCER,
    });
  }

  override createClient<T>(): Promise<T> {
    return Promise.resolve(createKafka(this.connection, this.kafkaLogger) as T);
  }
}
