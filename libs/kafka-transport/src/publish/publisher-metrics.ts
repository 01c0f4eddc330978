import { BATCH_RECORDS, metricsIn } from '@pipeline/observability';

/** The names are part of the contract with operators. */
export const publisherMetrics = metricsIn(({ counter, gauge, histogram }) => ({
  records: counter(
    'publisher_records_total',
    'Records made durable, by the broker or by the fallback',
    'topic',
    'to',
  ),
  batchRecords: histogram('publisher_batch_records', 'Records per produce request', BATCH_RECORDS),
  queueBytes: gauge('publisher_queue_bytes', 'Bytes waiting for or inside produce requests', 'topic'),
  topicFailing: gauge(
    'publisher_topic_failing',
    '1 from a failure until Kafka takes records of the topic again',
    'topic',
  ),
}));

export type PublisherMetrics = ReturnType<typeof publisherMetrics>;
