import { ClientKafka } from '@nestjs/microservices';
import { type Logger, type Readiness } from '@pipeline/observability';
import {
  backoffMs,
  createMessageClient,
  type EachMessagePayload,
  type KafkaConnection,
  type MessageClient,
  pause,
  TransportError,
  watchCrashes,
} from '@pipeline/kafka-driver';
import { lastValueFrom, timeout, TimeoutError } from 'rxjs';
import { ANSWER_WITHIN_HEADER } from './question-queue.ts';

export interface QueryClientOptions {
  readonly connection: KafkaConnection;
  /** Of this process alone: every instance must see the replies to its own questions. */
  readonly groupId: string;
  /** The questions that will be asked. */
  readonly patterns: readonly string[];
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly readiness?: Readiness;
  /** The client to use; made from the connection where absent. */
  readonly kafka?: MessageClient;
}

const CONSUMER = { maxWaitTimeInMs: 1_500 };
const RETRY = { initialMs: 200, maxMs: 5_000 };

/**
 * The asking side of Nest's Kafka request–reply: typed, with a time limit, usable before Kafka is there. A consumer of
 * replies that kafkajs gives up is replaced by another one, and the app is not ready until that has joined.
 */
export class QueryClient {
  private client: ReplyingClient;
  private readonly closing = new AbortController();
  private connected = false;
  private crashed: string | undefined;

  constructor(private readonly options: QueryClientOptions) {
    this.client = this.createClient();
    options.readiness?.register('replies', () => this.crashed);
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
      const { timeoutMs } = this.options;
      const question = { value: request, headers: { [ANSWER_WITHIN_HEADER]: String(timeoutMs) } };
      const reply = this.client.send<Reply, typeof question>(pattern, question);
      return await lastValueFrom(reply.pipe(timeout(timeoutMs)));
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

  private createClient(): ReplyingClient {
    const { patterns } = this.options;
    const client: ReplyingClient = new ReplyingClient(this.options, {
      onJoin: () => (this.crashed = undefined),
      onFatal: (error) => this.replace(client, error),
    });
    for (const pattern of patterns) client.subscribeToResponseOf(pattern);
    return client;
  }

  /** Questions that are open meanwhile time out. */
  private replace(client: ReplyingClient, { message }: Error): void {
    if (client !== this.client || this.closing.signal.aborted) return;
    this.crashed = `consumer crashed: ${message}`;
    this.connected = false;
    this.client = this.createClient();
    client.close().catch((error: unknown) => {
      this.options.logger.warn({ err: error }, 'query client could not be closed');
    });
    void this.connectUntilDone(1);
  }

  /** @param attempt how many have failed before. */
  private async connectUntilDone(attempt = 0): Promise<void> {
    if (attempt > 0) await pause(backoffMs(attempt, RETRY), this.closing.signal);
    for (; !this.closing.signal.aborted; attempt++) {
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
    const { connection, logger, kafka = createMessageClient(connection, logger) } = this.options;
    const admin = kafka.admin();
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

interface ReplyEvents {
  readonly onJoin: () => void;
  /** kafkajs has given the consumer up; what it restarts by itself is no more than an outage of Kafka. */
  readonly onFatal: (error: Error) => void;
}

class ReplyingClient extends ClientKafka {
  constructor(
    private readonly query: QueryClientOptions,
    private readonly events: ReplyEvents,
  ) {
    const { connection, groupId } = query;
    super({
      postfixId: '',
      client: { clientId: connection.clientId, brokers: [...connection.brokers] },
      consumer: { ...CONSUMER, groupId },
      subscribe: { fromBeginning: false },
    });
  }

  override createClient<T>(): Promise<T> {
    const { connection, logger, kafka = createMessageClient(connection, logger) } = this.query;
    return Promise.resolve(kafka as T);
  }

  /** Others may write to the reply topics: what is no reply is ignored, where it would end the consumer. */
  override createResponseCallback() {
    const take = super.createResponseCallback();
    return async (reply: EachMessagePayload): Promise<void> => {
      try {
        await take(reply);
      } catch (error) {
        this.query.logger.debug({ err: error, topic: reply.topic }, 'reply ignored');
      }
    };
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const { consumer, events, query } = this;
    consumer.on(consumer.events.GROUP_JOIN, events.onJoin);
    const { onFatal } = events;
    watchCrashes(consumer, { logger: query.logger, onCrash: () => undefined, onRefused: onFatal, onFatal });
  }
}
