import { metricsIn } from '@pipeline/observability';

/** The names are older than the consumers that are no sink, and are part of the contract with operators. */
export const consumerMetrics = metricsIn(({ counter, gauge }) => ({
  topicFailing: gauge(
    'consumer_topic_failing',
    '1 while the topic, or a part of it, cannot be read',
    'topic',
  ),
  rebalances: counter('consumer_rebalances_total', 'Times this consumer joined its group'),
  records: counter('sink_records_consumed_total', 'Records taken from Kafka', 'topic', 'partition'),
  lag: gauge('sink_consumer_lag_records', 'Records behind the end of the partition', 'topic', 'partition'),
  partitionsHalted: gauge(
    'sink_partition_halted',
    '1 while a partition is stopped by an alarm',
    'topic',
    'partition',
  ),
}));

export type ConsumerMetrics = ReturnType<typeof consumerMetrics>;
