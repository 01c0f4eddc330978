import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { type Logger, type Readiness, type Registry } from '@pipeline/observability';
import {
  backoffMs,
  type CreateGroupConsumer,
  endProcess,
  type GroupConsumer,
  type GroupEvents,
  type KafkaConnection,
  KafkajsGroupConsumer,
  OffsetReader,
  pause,
  TransportError,
} from '@pipeline/kafka-driver';
import { AssignedPartitions } from './assigned-partitions.ts';
import { AssignmentLoader } from './assignment-loader.ts';
import { consumerMetrics } from './consumer-metrics.ts';
import { LagGauge } from './lag-gauge.ts';
import { type Commit, OffsetCommitter } from './offset-committer.ts';
import { UnreadableTopics } from './unreadable-topics.ts';

/** Transport id of the batch strategy: `@EventPattern(TOPICS.selectColor.name, KAFKA_BATCH)`. */
export const KAFKA_BATCH = Symbol('kafka-batch');

export interface KafkaBatchServerOptions {
  readonly connection: KafkaConnection;
  readonly groupId: string;
  /** Where a group without commits starts: the beginning of the topic, or its end (a live feed). */
  readonly fromBeginning: boolean;
  /** Bytes that may be handed over and not yet durable, split evenly between the assigned partitions. */
  readonly maxInFlightBytes: number;
  /** A member that is silent for this long loses its partitions. */
  readonly sessionTimeoutMs?: number;
  /** How long `close` waits for handlers to finish. */
  readonly drainTimeoutMs?: number;
  /** The group is of this process alone and is deleted when it stops. */
  readonly deleteGroupOnClose?: boolean;
  /** How often the ends of the partitions are asked for; a test gives its own. */
  readonly lagIntervalMs?: number;
  /** How long a consumer that the brokers refuse waits before it is started again; a test gives its own. */
  readonly refusedPauseMs?: number;
  readonly logger: Logger;
  /** Shows what is counted; absent: nothing does. */
  readonly registry?: Registry;
  readonly readiness: Readiness;
  /** Called when the consumer can never recover. The default ends the process, so that it is restarted. */
  readonly onFatal?: (error: Error) => void;
  /** The driver to use; made from the connection where absent. */
  readonly kafka?: {
    readonly createConsumer: CreateGroupConsumer;
    readonly offsets: Pick<OffsetReader, 'commits' | 'extents' | 'close'>;
  };
}

const RETRY = { initialMs: 200, maxMs: 5_000 };
/** A permission that is missing is looked for again after so long; each time costs the group a rebalance. */
const REFUSED_PAUSE_MS = 5_000;

/**
 * Nest transport strategy that hands each `@EventPattern` handler one partition's records at a time, undecoded.
 *
 * The offset behind a batch is committed only after its handler has resolved, and only together with all batches
 * before it. Calls for one partition are made in order and the next may come before the previous has resolved; a
 * handler that rejects has its partition read again from the last commit after a pause. When the group rebalances,
 * the `revoked` signal of every assignment aborts, and nothing of it is committed any more.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  override readonly transportId = KAFKA_BATCH;

  private readonly consumer: GroupConsumer;
  private readonly offsets: Pick<OffsetReader, 'commits' | 'extents' | 'close'>;
  private readonly partitions: AssignedPartitions;
  private readonly lag: LagGauge;
  private readonly unreadable: UnreadableTopics;
  private readonly drain = new AbortController();
  private readonly stopped = new AbortController();
  private notReady: string | undefined = 'not connected to Kafka';

  constructor(private readonly options: KafkaBatchServerOptions) {
    super();
    const { connection, groupId, fromBeginning, logger, readiness } = options;
    const metrics = consumerMetrics(options.registry);
    this.unreadable = new UnreadableTopics({ logger, metrics, readiness });
    const { sessionTimeoutMs = 30_000, kafka } = options;
    // A topic in trouble is alone with it, also when its offsets are asked for.
    this.offsets = kafka?.offsets ?? new OffsetReader(connection, logger, true);
    const createConsumer: CreateGroupConsumer =
      kafka?.createConsumer ?? ((...args) => new KafkajsGroupConsumer(connection, logger, ...args));
    this.consumer = createConsumer({ groupId, fromBeginning, sessionTimeoutMs }, this.events());
    this.lag = new LagGauge(this.offsets, { metrics, logger });
    const onCommitted = (commit: Commit) => this.partitions.committed(commit);
    this.partitions = new AssignedPartitions({
      ...options,
      metrics,
      consumer: this.consumer,
      lag: this.lag,
      loader: new AssignmentLoader(this.offsets, { groupId, fromBeginning, logger }),
      committer: new OffsetCommitter(this.consumer, logger, onCommitted),
      handlers: this.messageHandlers,
      draining: this.drain.signal,
      onOpened: () => this.ready(),
    });
    readiness.register(
      `consumer ${groupId}`,
      () => this.notReady ?? this.unreadable.allUnreadable ?? this.partitions.alarm,
    );
  }

  /** Returns at once; connecting goes on in the background until it succeeds, and readiness tells. */
  listen(callback: (error?: unknown) => void): void {
    try {
      assertOneHandlerPerTopic(this.messageHandlers);
    } catch (error) {
      callback(error);
      return;
    }
    this.unreadable.watch(this.messageHandlers.keys());
    void this.start();
    void this.lag.watch(this.stopped.signal, this.options.lagIntervalMs);
    callback();
  }

  /** Makes what is buffered durable (bounded in time), commits it and leaves the group. */
  async close(): Promise<void> {
    this.notReady = 'stopping';
    this.drain.abort();
    this.partitions.pause();
    await Promise.race([
      this.partitions.settled(),
      pause(this.options.drainTimeoutMs ?? 15_000, this.stopped.signal),
    ]);
    this.stopped.abort();
    this.partitions.revoke();
    await this.consumer.stop();
    if (this.options.deleteGroupOnClose) await this.deleteGroup();
    await this.offsets.close();
  }

  on(): never {
    throw new Error('KafkaBatchServer has no events; use `status`');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    for (let attempt = 0; !this.drain.signal.aborted; attempt++) {
      try {
        await this.consumer.start([...this.messageHandlers.keys()]);
        return;
      } catch (error) {
        this.options.logger.warn({ err: error }, 'consumer could not connect');
        await pause(backoffMs(attempt, RETRY), this.drain.signal);
      }
    }
  }

  private async startLater(): Promise<void> {
    await pause(this.options.refusedPauseMs ?? REFUSED_PAUSE_MS, this.drain.signal);
    await this.start();
  }

  /** Heard from `start` on, when all parts are there. */
  private events(): GroupEvents {
    const { logger, onFatal = endProcess(logger) } = this.options;
    return {
      onAssigned: (partitions) => void this.partitions.replace(partitions),
      onFetched: (fetched) => this.partitions.receive(fetched),
      onPassedOver: (gap) => this.partitions.passOver(gap),
      onRefused: (id, isRefused) => this.partitions.refused(id, isRefused),
      roomBytes: (id) => this.partitions.roomBytes(id),
      onTopic: (topic, reason) => this.unreadable.see(topic, reason),
      crash: {
        logger,
        onFatal,
        onCrash: (reason) => (this.notReady = reason),
        onRefused: () => void this.startLater(),
      },
    };
  }

  private ready(): void {
    this.notReady = undefined;
    this._status$.next('connected');
  }

  private async deleteGroup(): Promise<void> {
    try {
      await this.consumer.deleteGroup();
    } catch (error) {
      this.options.logger.warn({ err: error, group: this.options.groupId }, 'group could not be deleted');
    }
  }
}

/** @throws TransportError unless there is a topic to consume and each has exactly one event handler. */
function assertOneHandlerPerTopic(handlers: ReadonlyMap<string, MessageHandler>): void {
  if (handlers.size === 0)
    throw new TransportError('no-handler', 'No @EventPattern handler uses the batch transport');
  for (const [topic, handler] of handlers) {
    if (handler.next)
      throw new TransportError('several-handlers', `Topic ${topic} has more than one handler`);
    if (!handler.isEventHandler) {
      throw new TransportError(
        'not-an-event-handler',
        `The handler of topic ${topic} must be an @EventPattern`,
      );
    }
  }
}
