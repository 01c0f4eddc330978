import { ServerKafka } from '@nestjs/microservices';
import { type Logger, type Readiness } from '@pipeline/observability';
import kafkajs from 'kafkajs';
import { backoffMs, pause } from '../backoff.ts';
import { createKafka } from '../client/kafka-client.ts';
import { type KafkaConnection } from '../client/kafka-connection.ts';
import { endProcess } from '../end-process.ts';

export interface QueryServerOptions {
  readonly connection: KafkaConnection;
  /** Replicas in one group share the questions. */
  readonly groupId: string;
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Called when the consumer can never recover. The default ends the process. */
  readonly onFatal?: (error: Error) => void;
}

/** Questions wait while a killed replica still counts as a member; a slow one that is given up only joins again. */
const SESSION_MS = 10_000;
/** A replica that answers late is worse than one that asks again, so waits are short. */
const CONSUMER = {
  maxWaitTimeInMs: 1_500,
  sessionTimeout: SESSION_MS,
  rebalanceTimeout: SESSION_MS,
  heartbeatInterval: SESSION_MS / 4,
  allowAutoTopicCreation: false,
  metadataMaxAge: 30_000,
};
const PRODUCER = {
  allowAutoTopicCreation: false,
  createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
};
const RETRY = { initialMs: 200, maxMs: 5_000 };

/**
 * Nest's own Kafka request–reply (`@MessagePattern(pattern, Transport.KAFKA)`), made fit for service: it starts
 * without Kafka and connects when it can, joins the group by its plain name, and ends the process when its consumer
 * ends instead of staying silent (nestjs/nest#11910).
 */
export class QueryServer extends ServerKafka {
  private readonly closing = new AbortController();
  private notReady: string | undefined = 'not connected to Kafka';

  constructor(private readonly query: QueryServerOptions) {
    super({
      postfixId: '',
      client: { clientId: query.connection.clientId, brokers: [...query.connection.brokers] },
      consumer: { ...CONSUMER, groupId: query.groupId },
      subscribe: { fromBeginning: false },
      producer: PRODUCER,
    });
    query.readiness.register(`queries ${query.groupId}`, () => this.notReady);
  }

  /** Returns at once; connecting goes on in the background. */
  override listen(callback: (error?: unknown) => void): Promise<void> {
    void this.connectUntilDone();
    callback();
    return Promise.resolve();
  }

  override async close(): Promise<void> {
    this.closing.abort();
    await super.close();
  }

  override createClient<T>(): Promise<T> {
    return Promise.resolve(createKafka(this.query.connection, this.query.logger) as T);
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const { consumer } = this;
    const { logger, onFatal = endProcess(logger) } = this.query;
    if (!consumer) return;
    consumer.on(consumer.events.GROUP_JOIN, () => (this.notReady = undefined));
    consumer.on(
      consumer.events.CRASH,
      ({ payload: { error, restart } }: { payload: { error: Error; restart: boolean } }) => {
        this.notReady = 'consumer crashed';
        logger.warn({ err: error, restart }, 'query consumer crashed');
        if (!restart) onFatal(error);
      },
    );
  }

  private async connectUntilDone(): Promise<void> {
    for (let attempt = 0; !this.closing.signal.aborted; attempt++) {
      try {
        this.client = await this.createClient();
        await this.start(() => undefined);
        return;
      } catch (error) {
        this.query.logger.warn({ err: error }, 'query server could not connect');
        await super.close();
        await pause(backoffMs(attempt, RETRY), this.closing.signal);
      }
    }
  }
}
