import { EVENT_TOPICS } from '@pipeline/event-schema';
import {
  BatchSealer,
  createBatchSender,
  kafkaConnection,
  publisherOptions,
  RecordPublisher,
} from '@pipeline/kafka-transport';
import { type Logger, type PipelineMetrics, type Readiness, type Tracer } from '@pipeline/observability';
import { type CollectorApiConfig } from '../collector-api.config.ts';
import { NodeSpoolFolder } from '../spool/node.spool-folder.ts';
import { Spool } from '../spool/spool.ts';
import { SpoolDrain } from '../spool/spool-drain.ts';
import { checkSpoolRoom } from '../spool/spool-room.ts';
import { type SpoolLog } from '../spool/spool-log.ts';
import { lockSpool } from '../spool/spool-lock.ts';
import { KafkaEventPublisher, type RunningSpool } from './kafka.event-publisher.ts';
import { TracedPublisher } from './traced-publisher.ts';

export interface EventPublisherParts {
  readonly config: CollectorApiConfig;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  readonly readiness: Readiness;
  readonly tracer: Tracer;
}

const CLIENT_ID = 'collector-api';
/** Eight to sixteen produce requests. */
const SEGMENT_BYTES = 4 << 20;
const DRAIN_TIMEOUT_MS = 5_000;

/**
 * Kafka, and the spool behind it where a folder is set.
 * @throws SpoolError (as rejection) when the folder belongs to another process, cannot be written or lies on a volume that is
 * smaller than what the spool may hold.
 */
export async function createEventPublisher(parts: EventPublisherParts): Promise<KafkaEventPublisher> {
  const { config, logger, metrics, readiness, tracer } = parts;
  const spool = config.spoolDir === '' ? undefined : await openSpool(parts);
  const records = new RecordPublisher({
    connection: kafkaConnection(config, CLIENT_ID),
    settings: publisherOptions(config),
    logger,
    metrics,
    topics: EVENT_TOPICS,
    readiness,
    ...(spool && { fallback: spool.log }),
  });
  return new KafkaEventPublisher(tracer.isOn ? new TracedPublisher(records, tracer) : records, spool);
}

async function openSpool(parts: EventPublisherParts): Promise<RunningSpool & { log: Spool }> {
  const { config, logger, metrics } = parts;
  const unlock = await lockSpool(config.spoolDir);
  await checkSpoolRoom(config.spoolDir, {
    maxBytes: config.spoolMaxBytes,
    topics: EVENT_TOPICS.length,
    logger,
  });
  const log = await Spool.open({
    folder: new NodeSpoolFolder(config.spoolDir),
    topics: EVENT_TOPICS,
    maxBytes: config.spoolMaxBytes,
    segmentBytes: SEGMENT_BYTES,
    createDrain: (spool, topic) => createDrain(parts, spool, topic),
    logger,
    metrics,
  });
  const stop = async (): Promise<void> => {
    await log.stop();
    await unlock();
  };
  return { log, start: () => log.start(), stop };
}

/** With connections of its own: what holds up one topic's spool holds up no other. */
function createDrain(
  { config, logger, metrics }: EventPublisherParts,
  spool: SpoolLog,
  topic: string,
): SpoolDrain {
  const { acks, compression, idempotent, maxBatchBytes } = publisherOptions(config);
  const sender = createBatchSender(kafkaConnection(config, `${CLIENT_ID}-spool.${topic}`), acks, logger);
  const sealer = new BatchSealer(sender, { compression, idempotent: acks === 'all' && idempotent !== false });
  const timeoutMs = DRAIN_TIMEOUT_MS;
  return new SpoolDrain({
    spool,
    sender,
    sealer,
    batchBytes: maxBatchBytes,
    timeoutMs,
    logger,
    metrics,
    topic,
  });
}
