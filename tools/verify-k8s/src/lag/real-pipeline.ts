import { defineSettings } from '@pipeline/config';
import { TOPICS, SINK_NAMES, type SinkName } from '@pipeline/event-schema';
import {
  kafkaConnection,
  type KafkaConnection,
  kafkaSettings,
  OffsetReader,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import { createTopics, type LocalStack, startStack, until } from '@pipeline/local-stack';
import { createLogger, Readiness } from '@pipeline/observability';
import { VerifyError } from '../verify-error.ts';
import { clicks } from './clicks.ts';

const TOPIC = TOPICS.selectColor.name;
const AT_ONCE = 5_000;
const CONNECT_PATIENCE = { timeoutMs: 30_000, intervalMs: 50 };
const PUBLISHER = {
  acks: 'all',
  compression: 'none',
  maxBatchBytes: 900_000,
  maxQueueBytes: 32 << 20,
  timeoutMs: 20_000,
  retries: 5,
} as const;

/** A broker, the stores and the sinks themselves, as processes: what the lag of a group comes from, and goes away by. */
export class RealPipeline {
  private readonly offsets: OffsetReader;

  private constructor(
    private readonly stack: LocalStack,
    private readonly connection: KafkaConnection,
  ) {
    this.offsets = new OffsetReader(connection, createLogger('verify-k8s', 'silent'));
  }

  static async start(): Promise<RealPipeline> {
    const stack = await startStack({ secureKafka: true });
    const settings = defineSettings(kafkaSettings).load(stack.environment);
    const pipeline = new RealPipeline(stack, kafkaConnection(settings, 'verify-k8s'));
    try {
      await createTopics(stack.kafkaBrokers);
      await pipeline.knowsItsGroups();
      return pipeline;
    } catch (error) {
      await pipeline.stop();
      throw error;
    }
  }

  /** Brokers, certificate file and login of a listener: with TLS and SCRAM, or with nothing. */
  environment(secure: boolean): Readonly<Record<string, string>> {
    return (secure ? this.stack.secureKafka?.environment : undefined) ?? this.stack.environment;
  }

  /** Puts events into Kafka; resolves when all are acknowledged. */
  async publish(count: number): Promise<void> {
    const readiness = new Readiness();
    const publisher = new RecordPublisher({
      connection: this.connection,
      settings: PUBLISHER,
      logger: createLogger('verify-k8s', 'silent'),
      topics: [TOPIC],
      readiness,
    });
    publisher.connect();
    try {
      const isReady = await until(() => Object.keys(readiness.notReady()).length === 0, CONNECT_PATIENCE);
      if (!isReady) throw new VerifyError('check-failed', 'The broker takes no records');
      const all = clicks(count);
      for (let at = 0; at < count; at += AT_ONCE) await publisher.publish(TOPIC, all.slice(at, at + AT_ONCE));
    } finally {
      await publisher.close();
    }
  }

  /** Records that the group of a sink has not committed. */
  async lag(sink: SinkName): Promise<number> {
    const committed = (await this.offsets.committed(sink, [TOPIC])).get(TOPIC);
    const lags = (await this.offsets.extents(TOPIC)).map(
      ({ partition, startOffset, endOffset }) => endOffset - (committed?.get(partition) ?? startOffset),
    );
    return Number(lags.reduce((sum, lag) => sum + lag, 0n));
  }

  /** A broker that has just begun refuses questions about groups until it has made the topic of their offsets. */
  private async knowsItsGroups(): Promise<void> {
    const answers = await until(async () => {
      await Promise.all(SINK_NAMES.map((sink) => this.lag(sink)));
      return true;
    }, CONNECT_PATIENCE);
    if (!answers)
      throw new VerifyError('check-failed', 'The broker does not answer for the groups of the sinks');
  }

  async startSinks(): Promise<void> {
    await Promise.all(SINK_NAMES.map((sink) => this.stack.startApp(sink)));
  }

  async stopSinks(): Promise<void> {
    await Promise.all(SINK_NAMES.map((sink) => this.stack.dismiss(sink)));
  }

  async stop(): Promise<void> {
    await this.offsets.close();
    await this.stack.stop();
  }
}
