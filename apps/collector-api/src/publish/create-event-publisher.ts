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
import { SpoolDrain } from '../spool/spool-drain.ts';
import { lockSpool } from '../spool/spool-lock.ts';
import { SpoolLog } from '../spool/spool-log.ts';
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
 * @throws SpoolError (as rejection) when the folder belongs to another process or cannot be written.
 */
export async function createEventPublisher(parts: EventPublisherParts): Promise<KafkaEventPublisher> {
  const { config, logger, metrics, readiness, tracer } = parts;
  const spool = config.spoolDir === '' ? undefined : await openSpool(parts);
  const records = new RecordPublisher({
    connection: kafkaConnection(config, CLIENT_ID),
    settings: publisherOptions(config),
    logger,
    metrics,
    readiness,
    ...(spool && { fallback: spool.log }),
  });
  return new KafkaEventPublisher(tracer.isOn ? new TracedPublisher(records, tracer) : records, spool);
}

async function openSpool({ config, logger, metrics }: EventPublisherParts) {
  const unlock = await lockSpool(config.spoolDir);
  const log = await SpoolLog.open({
    folder: new NodeSpoolFolder(config.spoolDir),
    maxBytes: config.spoolMaxBytes,
    segmentBytes: SEGMENT_BYTES,
    logger,
    metrics,
  });
  const { acks, compression, idempotent, maxBatchBytes } = publisherOptions(config);
  const sender = createBatchSender(kafkaConnection(config, `${CLIENT_ID}-spool`), acks, logger);
  const sealer = new BatchSealer(sender, { compression, idempotent: acks === 'all' && idempotent !== false });
  const options = {
    spool: log,
    sender,
    sealer,
    batchBytes: maxBatchBytes,
    timeoutMs: DRAIN_TIMEOUT_MS,
    logger,
    metrics,
  };
  const drain = new SpoolDrain(options);
  const stop = async (): Promise<void> => {
    await drain.stop();
    await log.close();
    await unlock();
  };
  return { log, start: () => drain.start(), stop } satisfies RunningSpool & { log: SpoolLog };
}
