import {
  KafkaBatchServer,
  RecordPublisher,
  TopicReader,
  type BatchContext,
  type Compression,
  type KafkaConnection,
  type KafkaRecord,
  type OutgoingRecord,
  type PartitionAssignment,
  type RecordBatch,
  type RecordChunk,
} from '@pipeline/kafka-transport';
import { createLogger, Readiness } from '@pipeline/observability';
import { createTopics, eventually, KafkaOperator, type LocalStack, randomTopic } from '@pipeline/testing';

type Brokers = Pick<LocalStack, 'kafkaBrokers'>;

const logger = createLogger('pipeline-e2e', 'silent');

export function connectionTo({ kafkaBrokers }: Brokers): KafkaConnection {
  return { brokers: kafkaBrokers, clientId: 'pipeline-e2e', tls: undefined, sasl: undefined };
}

/** Makes a topic of one partition for one test. @returns its name, which is random. */
export async function newTopic({ kafkaBrokers }: Brokers): Promise<string> {
  const name = randomTopic();
  await createTopics(kafkaBrokers, [{ name, partitions: 1, replicationFactor: 1, config: {} }]);
  return name;
}

/** Produces records as they are, past the collector. Resolves when the broker has acknowledged them. */
export async function produce(
  stack: Brokers,
  topic: string,
  records: readonly OutgoingRecord[],
  compression: Compression = 'none',
  limits = { maxBatchBytes: 1 << 20, maxQueueBytes: 8 << 20, timeoutMs: 10_000 },
): Promise<void> {
  // What strangers send is bounded by the broker only.
  const settings = { acks: 'all', compression, maxRecordBytes: limits.maxQueueBytes, ...limits } as const;
  const publisher = new RecordPublisher({
    connection: connectionTo(stack),
    settings: { ...settings, retries: 5 },
    logger,
  });
  publisher.connect();
  try {
    await eventually(() => publisher.publish(topic, records));
  } finally {
    await publisher.close();
  }
}

/** Leaves records in a topic whose transactions were aborted, one of each. */
export async function abort(
  stack: Brokers,
  topic: string,
  records: readonly { readonly key: string; readonly value: string }[],
): Promise<void> {
  const operator = new KafkaOperator(connectionTo(stack), logger);
  try {
    await operator.produceAborted(topic, records);
  } finally {
    await operator.close();
  }
}

/** Every record that a topic holds now. */
export async function recordsOf(stack: Brokers, topic: string): Promise<KafkaRecord[]> {
  const records: KafkaRecord[] = [];
  await new TopicReader(connectionTo(stack), logger).read(
    topic,
    (chunk) => void records.push(...chunk.records),
  );
  return records;
}

/** The same with the partition of each. */
export async function chunksOf(stack: Brokers, topic: string): Promise<RecordChunk[]> {
  const chunks: RecordChunk[] = [];
  await new TopicReader(connectionTo(stack), logger).read(topic, (chunk) => void chunks.push(chunk));
  return chunks;
}

/** Names of all consumer groups. */
export async function groupsOf(stack: Brokers): Promise<string[]> {
  const operator = new KafkaOperator(connectionTo(stack), logger);
  try {
    return await operator.groups();
  } finally {
    await operator.close();
  }
}

type BatchHandler = (batch: RecordBatch, assignment: PartitionAssignment) => Promise<void>;

/** A member of a consumer group that runs the batch strategy with a handler of the test. `close` leaves the group. */
export function startConsumer(
  stack: Brokers,
  { topic, groupId }: { readonly topic: string; readonly groupId: string },
  handler: BatchHandler,
): KafkaBatchServer {
  const server = new KafkaBatchServer({
    connection: connectionTo(stack),
    groupId,
    fromBeginning: true,
    maxInFlightBytes: 8 << 20,
    sessionTimeoutMs: 6_000,
    drainTimeoutMs: 500,
    logger,
    readiness: new Readiness(),
  });
  server.addHandler(
    topic,
    (batch: RecordBatch, { assignment }: BatchContext) => handler(batch, assignment),
    true,
  );
  server.listen((error) => {
    if (error) throw error as Error;
  });
  return server;
}
