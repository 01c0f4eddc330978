import { consumerMetrics } from '@pipeline/kafka-transport';
import { BATCH_RECORDS, LATENCY_SECONDS, metricsIn, type Registry } from '@pipeline/observability';

/** es-sink takes under a second, hdfs-sink up to its `HDFS_SINK_FLUSH_MAX_AGE_MS`, five minutes. */
const END_TO_END_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 330, 600, 1_800];

const declared = metricsIn(({ counter, gauge, histogram, shown }) => ({
  recordsAccepted: counter(
    'sink_records_accepted_total',
    'Records of flushes that ended: always written + duplicate + dead-lettered',
    'topic',
    'partition',
  ),
  recordsUnaccounted: gauge(
    'sink_records_unaccounted',
    'Records of flushes whose parts did not add up; anything but 0 is an alarm',
    'topic',
    'partition',
  ),
  storeRefusalsInARow: gauge(
    'sink_store_refusals_in_a_row',
    'Records of the partition that the store itself refused since it last took one',
    'topic',
    'partition',
  ),
  deadLetterBreakerOpen: gauge(
    'sink_dead_letter_breaker_open',
    '1 while a partition is stopped because its store takes no record any more',
    'topic',
    'partition',
  ),
  recordsWritten: counter('sink_records_written_total', 'Records made durable', 'topic', 'partition'),
  recordsDuplicate: counter('sink_records_duplicate_total', 'Records found durable', 'topic', 'partition'),
  recordsDeadLettered: counter(
    'sink_records_dead_lettered_total',
    'Records moved to the dead-letter topic',
    'topic',
    'partition',
    'code',
  ),
  flushSeconds: histogram('sink_flush_seconds', 'Duration of one flush', LATENCY_SECONDS, 'topic'),
  flushRecords: histogram('sink_flush_records', 'Records per flush', BATCH_RECORDS, 'topic'),
  flushRetries: counter('sink_flush_retries_total', 'Flush attempts that failed', 'topic', 'code'),
  bufferBytes: gauge('sink_buffer_bytes', 'Bytes taken from Kafka and not yet durable'),
  durableSeconds: histogram(
    'sink_durable_seconds',
    'From the time the broker appended a record to durable, newest record of a flush',
    LATENCY_SECONDS,
    'topic',
  ),
  endToEndSeconds: histogram(
    'sink_end_to_end_seconds',
    'From received by the collector to durable, oldest record of a flush',
    END_TO_END_SECONDS,
    'topic',
  ),
  /** Read when the metrics are, so that it rises without another attempt. */
  partitionHeldSeconds: shown(
    'sink_partition_held_seconds',
    'How long the flush of a partition has failed and is repeated; 0 when it does not',
    'topic',
    'partition',
  ),
}));

/** A partition is halted by its consumer, or by the runtime: one metric. */
export function sinkMetrics(registry?: Registry) {
  return { ...declared(registry), partitionsHalted: consumerMetrics(registry).partitionsHalted };
}

export type SinkMetrics = ReturnType<typeof sinkMetrics>;
