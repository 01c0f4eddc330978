import { type Logger } from '@pipeline/observability';
import { type ClientTimeouts, createCluster, kafkajsConfig, kafkajsLogger, PATIENT } from './cluster.ts';
import { FetchReader, type FetchUse } from './fetch-reader.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import {
  type Consumer,
  type ConsumerConfig,
  type Kafka,
  kafkajs,
  privateModule,
  type ProducerConfig,
} from './kafkajs/kafkajs.ts';
import { API, syncGroupTap, tapRequests } from './requests.ts';
import { type OnTopic, TopicJudge } from './topic-judge.ts';

/** A client of kafkajs's own make: its admin, its producers. Consumers are made by {@link createConsumer}. */
export function createKafka(
  connection: KafkaConnection,
  logger: Logger,
  timeouts = PATIENT,
): Omit<Kafka, 'consumer'> {
  return new kafkajs.Kafka(kafkajsConfig(connection, logger, timeouts));
}

/** What Nest's Kafka request-reply takes of a client. */
export type MessageClient = Pick<Kafka, 'consumer' | 'producer' | 'admin'>;

/**
 * For Nest's own transport, which works with kafkajs's messages.
 * @param onTopic consumers read the other topics when some cannot be read, and say so; without it they read none.
 */
export function createMessageClient(
  connection: KafkaConnection,
  logger: Logger,
  { onTopic, timeouts = PATIENT }: { readonly onTopic?: OnTopic; readonly timeouts?: ClientTimeouts } = {},
): MessageClient {
  const kafka = createKafka(connection, logger, timeouts);
  return {
    consumer: (config) =>
      createConsumer(connection, logger, { config, use: { form: 'messages' }, onTopic, timeouts }),
    producer: (config: ProducerConfig = {}) =>
      kafka.producer({
        allowAutoTopicCreation: false,
        createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
        ...config,
      }),
    admin: (config) => kafka.admin(config),
  };
}

export interface ConsumerParts {
  readonly config: ConsumerConfig;
  readonly use: FetchUse;
  readonly onTopic?: OnTopic | undefined;
  readonly timeouts?: ClientTimeouts;
}

const READ_COMMITTED = 1;
const METADATA_MAX_AGE_MS = 30_000;
/** kafkajs's own default: what goes on for longer crashes the consumer, which is then started again. */
const RETRIES = 5;

/**
 * A consumer as kafkajs's client makes it, on a cluster of its own that is made here, so that its requests, and those of no
 * other consumer, can be changed: how fetches are read, which topics are tolerated, how long a SyncGroup lasts.
 */
export function createConsumer(
  connection: KafkaConnection,
  logger: Logger,
  { config, use, onTopic, timeouts = PATIENT }: ConsumerParts,
): Consumer {
  const Emitter = privateModule('src/instrumentation/emitter');
  const instrumentationEmitter = new Emitter();
  const cluster = createCluster(connection, logger, timeouts, {
    metadataMaxAge: METADATA_MAX_AGE_MS,
    isolationLevel: READ_COMMITTED,
    instrumentationEmitter,
  });
  const judge = onTopic && new TopicJudge(onTopic);
  tapRequests(cluster, {
    [API.fetch]: new FetchReader(use).tap,
    [API.syncGroup]: syncGroupTap(config),
    ...(judge && { [API.metadata]: judge.tap }),
  });
  judge?.watch(cluster);
  return privateModule('src/consumer')({
    ...config,
    cluster,
    instrumentationEmitter,
    logger: kafkajsLogger(logger),
    isolationLevel: READ_COMMITTED,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    retry: {
      initialRetryTime: 100,
      maxRetryTime: timeouts.maxRetryTimeMs,
      ...config.retry,
      retries: RETRIES,
    },
  });
}
