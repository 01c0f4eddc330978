import { kafkaConnection, publisherOptions, RecordPublisher } from '@pipeline/kafka-transport';
import { type Logger, PipelineMetrics } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { type CollectorApiConfig } from '../collector-api.config.ts';
import { KafkaRejectedLog } from './kafka.rejected-log.ts';
import { NO_REJECTED_LOG, type RejectedLog } from './rejected-log.ts';

const MAX_QUEUE_BYTES = 4 << 20;

/** The log as the settings want it, with a connection to Kafka of its own. */
export function createRejectedLog(
  config: CollectorApiConfig,
  logger: Logger,
  metrics: PipelineMetrics,
): RejectedLog {
  if (config.rejectedEvents === 'off') return NO_REJECTED_LOG;
  const records = new RecordPublisher({
    connection: kafkaConnection(config, 'collector-api-rejected'),
    settings: { ...publisherOptions(config), maxQueueBytes: MAX_QUEUE_BYTES },
    logger,
    // The publisher's own gauges are about accepted events.
    metrics: new PipelineMetrics(new Registry()),
  });
  return new KafkaRejectedLog({ records, isMasking: config.rejectedEvents === 'masked', metrics, logger });
}
