import { type KafkaContext, ServerKafka } from '@nestjs/microservices';
import { type QueryFailure, replyTopic } from '@pipeline/event-schema';
import { type Logger, type Readiness } from '@pipeline/observability';
import {
  backoffMs,
  createMessageClient,
  type EachMessagePayload,
  endProcess,
  type KafkaConnection,
  type MessageClient,
  pause,
  watchCrashes,
} from '@pipeline/kafka-driver';
import { UnreadableTopics } from '../consume/unreadable-topics.ts';
import { questionDeadline, QuestionQueue } from './question-queue.ts';

export interface QueryServerOptions {
  readonly connection: KafkaConnection;
  /** Replicas in one group share the questions. */
  readonly groupId: string;
  readonly logger: Logger;
  readonly readiness: Readiness;
  /** Called when the consumer can never recover. The default ends the process. */
  readonly onFatal?: (error: Error) => void;
  /** The client to use; made from the connection where absent. */
  readonly kafka?: MessageClient;
}

/** Questions wait while a killed replica still counts as a member; a slow one that is given up only joins again. */
const SESSION_MS = 10_000;
/** A replica that answers late is worse than one that asks again, so waits are short. */
const CONSUMER = {
  maxWaitTimeInMs: 1_500,
  sessionTimeout: SESSION_MS,
  rebalanceTimeout: SESSION_MS,
  heartbeatInterval: SESSION_MS / 4,
};
const RETRY = { initialMs: 200, maxMs: 5_000 };
/** A permission that is missing is looked for again after so long. */
const REFUSED_PAUSE_MS = 5_000;
const QUEUE = { atATime: 8, maxWaiting: 256 };

const NOT_SENT: QueryFailure = {
  error: { code: 'internal', message: 'The answer could not be sent' },
};

/** Nest's names for where an answer goes, and to which question. */
const ASKED_BY = ['kafka_correlationId', 'kafka_replyTopic'] as const;
const MAX_CORRELATION_ID = 128;

type Reply = Parameters<ServerKafka['sendMessage']>[0];

/**
 * Nest's own Kafka request–reply (`@MessagePattern(pattern, Transport.KAFKA)`), made fit for service: it starts
 * without Kafka and connects when it can, joins the group by its plain name, and ends the process when its consumer
 * ends instead of staying silent (nestjs/nest#11910). Several questions are answered at a time, none after its asker has
 * given up, and answers go to the reply topic of the question's topic, whatever the question asks for.
 */
export class QueryServer extends ServerKafka {
  private readonly closing = new AbortController();
  private readonly questions = new QuestionQueue<EachMessagePayload>(
    (question) => this.reply(question),
    QUEUE,
  );
  private readonly unreadable: UnreadableTopics;
  private notReady: string | undefined = 'not connected to Kafka';

  constructor(private readonly query: QueryServerOptions) {
    super({
      postfixId: '',
      client: { clientId: query.connection.clientId, brokers: [...query.connection.brokers] },
      consumer: { ...CONSUMER, groupId: query.groupId },
      subscribe: { fromBeginning: false },
    });
    this.unreadable = new UnreadableTopics(query);
    query.readiness.register(
      `queries ${query.groupId}`,
      () => this.notReady ?? this.unreadable.allUnreadable,
    );
  }

  /** Returns at once; connecting goes on in the background. */
  override listen(callback: (error?: unknown) => void): Promise<void> {
    this.unreadable.watch(this.messageHandlers.keys());
    void this.connectUntilDone();
    callback();
    return Promise.resolve();
  }

  override async close(): Promise<void> {
    this.closing.abort();
    this.questions.clear();
    await super.close();
  }

  /** Never waits for an answer: kafkajs hands over one message after the other. */
  override handleMessage(question: EachMessagePayload): Promise<void> {
    if (isAsked(question)) this.questions.add(question, questionDeadline(question.message, Date.now()));
    return Promise.resolve();
  }

  /** The question cannot choose where this process writes. */
  override getPublisher(_topic: string, _partition: string, correlationId: string, context: KafkaContext) {
    return (reply: Reply) =>
      this.sendMessage(reply, replyTopic(context.getTopic()), undefined, correlationId, context);
  }

  /** An answer that Kafka does not take, being too large, is not silence. */
  override async sendMessage(...[reply, ...to]: Parameters<ServerKafka['sendMessage']>) {
    try {
      return await super.sendMessage(reply, ...to);
    } catch (error) {
      this.query.logger.warn({ err: error, topic: to[0] }, 'answer could not be sent');
      return super.sendMessage({ ...reply, response: NOT_SENT }, ...to);
    }
  }

  override createClient<T>(): Promise<T> {
    const { connection, logger, kafka } = this.query;
    const onTopic = (topic: string, reason: string | undefined) => this.unreadable.see(topic, reason);
    return Promise.resolve((kafka ?? createMessageClient(connection, logger, { onTopic })) as T);
  }

  protected override registerConsumerEventListeners(): void {
    super.registerConsumerEventListeners();
    const { consumer } = this;
    const { logger, onFatal = endProcess(logger) } = this.query;
    if (!consumer) return;
    consumer.on(consumer.events.GROUP_JOIN, () => (this.notReady = undefined));
    watchCrashes(consumer, {
      logger,
      onFatal,
      onCrash: (reason) => (this.notReady = reason),
      onRefused: () => void this.connectLater(),
    });
  }

  /** A record that is no question is answered by silence; others may write to its topic. */
  private async reply(question: EachMessagePayload): Promise<void> {
    try {
      await super.handleMessage(question);
    } catch (error) {
      this.query.logger.warn({ err: error, topic: question.topic }, 'question could not be answered');
    }
  }

  private async connectLater(): Promise<void> {
    await super.close();
    await pause(REFUSED_PAUSE_MS, this.closing.signal);
    await this.connectUntilDone();
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

/** Nest takes a record without one of these for an event, whose handler it calls for nothing. */
function isAsked({ message: { headers } }: EachMessagePayload): boolean {
  return ASKED_BY.every((name) => {
    const value = headers?.[name];
    return Buffer.isBuffer(value) && value.length > 0 && value.length <= MAX_CORRELATION_ID;
  });
}
