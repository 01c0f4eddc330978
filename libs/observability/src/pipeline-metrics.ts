import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const LATENCY_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** es-sink takes under a second, hdfs-sink up to its `HDFS_SINK_FLUSH_MAX_AGE_MS`, five minutes. */
const END_TO_END_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 330, 600, 1_800];
const BATCH_RECORDS = [1, 5, 10, 50, 100, 500, 1_000, 2_500, 5_000, 10_000, 50_000];

/** A partition of a sink, and how long its flush has failed. */
export interface HeldPartition {
  readonly topic: string;
  readonly partition: number;
  readonly seconds: number;
}

/** Every metric of the pipeline, named once. Labels are bounded: a topic, a partition, a closed list of words. */
export class PipelineMetrics {
  readonly requestsRefused: Counter<'code'>;
  readonly recordsProduced: Counter<'topic' | 'to'>;
  readonly publishBatchRecords: Histogram;
  readonly publishQueueBytes: Gauge<'topic'>;
  readonly publishTopicFailing: Gauge<'topic'>;

  readonly consumerTopicFailing: Gauge<'topic'>;
  readonly recordsConsumed: Counter<'topic' | 'partition'>;
  readonly recordsAccepted: Counter<'topic' | 'partition'>;
  readonly recordsUnaccounted: Gauge<'topic' | 'partition'>;
  readonly storeRefusalsInARow: Gauge<'topic' | 'partition'>;
  readonly deadLetterBreakerOpen: Gauge<'topic' | 'partition'>;
  readonly recordsWritten: Counter<'topic' | 'partition'>;
  readonly recordsDuplicate: Counter<'topic' | 'partition'>;
  readonly recordsDeadLettered: Counter<'topic' | 'partition' | 'code'>;
  readonly flushSeconds: Histogram<'topic'>;
  readonly flushRecords: Histogram<'topic'>;
  readonly flushRetries: Counter<'topic' | 'code'>;
  readonly bufferBytes: Gauge;
  readonly consumerLag: Gauge<'topic' | 'partition'>;
  readonly partitionsHalted: Gauge<'topic' | 'partition'>;
  readonly rebalances: Counter;
  readonly durableSeconds: Histogram<'topic'>;
  readonly endToEndSeconds: Histogram<'topic'>;

  readonly liveEvents: Counter;
  readonly liveDelaySeconds: Histogram;
  readonly liveSubscribers: Gauge;
  readonly liveSubscribersDropped: Counter;
  readonly liveSubscribersDisplaced: Counter;
  readonly historyQuestions: Counter<'question' | 'outcome'>;
  readonly kafkaClockAheadSeconds: Gauge;
  readonly httpConnectionsEnded: Counter<'reason'>;

  readonly auditProvedOffset: Gauge<'topic' | 'store' | 'partition'>;
  readonly auditProvedTimestamp: Gauge<'topic' | 'store'>;
  readonly auditWaiting: Gauge<'topic' | 'store'>;
  readonly auditStalledSeconds: Gauge<'topic' | 'store'>;
  readonly auditBroken: Gauge<'topic' | 'store' | 'kind'>;

  constructor(private readonly registry: Registry) {
    const registers = [registry];
    const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
      new Counter({ name, help, labelNames, registers });
    const gauge = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
      new Gauge({ name, help, labelNames, registers });
    const histogram = <T extends string>(name: string, help: string, buckets: number[], ...labelNames: T[]) =>
      new Histogram({ name, help, buckets, labelNames, registers });

    this.requestsRefused = counter('collector_requests_refused_total', 'Requests refused as a whole', 'code');
    this.recordsProduced = counter(
      'publisher_records_total',
      'Records made durable, by the broker or by the fallback',
      'topic',
      'to',
    );
    this.publishBatchRecords = histogram(
      'publisher_batch_records',
      'Records per produce request',
      BATCH_RECORDS,
    );
    this.publishQueueBytes = gauge(
      'publisher_queue_bytes',
      'Bytes waiting for or inside produce requests',
      'topic',
    );
    this.publishTopicFailing = gauge(
      'publisher_topic_failing',
      '1 from a failure until Kafka takes records of the topic again',
      'topic',
    );

    this.consumerTopicFailing = gauge(
      'consumer_topic_failing',
      '1 while the topic, or a part of it, cannot be read',
      'topic',
    );
    this.recordsConsumed = counter(
      'sink_records_consumed_total',
      'Records taken from Kafka',
      'topic',
      'partition',
    );
    this.recordsAccepted = counter(
      'sink_records_accepted_total',
      'Records of flushes that ended: always written + duplicate + dead-lettered',
      'topic',
      'partition',
    );
    this.recordsUnaccounted = gauge(
      'sink_records_unaccounted',
      'Records of flushes whose parts did not add up; anything but 0 is an alarm',
      'topic',
      'partition',
    );
    this.storeRefusalsInARow = gauge(
      'sink_store_refusals_in_a_row',
      'Records of the partition that the store itself refused since it last took one',
      'topic',
      'partition',
    );
    this.deadLetterBreakerOpen = gauge(
      'sink_dead_letter_breaker_open',
      '1 while a partition is stopped because its store takes no record any more',
      'topic',
      'partition',
    );
    this.recordsWritten = counter('sink_records_written_total', 'Records made durable', 'topic', 'partition');
    this.recordsDuplicate = counter(
      'sink_records_duplicate_total',
      'Records found durable',
      'topic',
      'partition',
    );
    this.recordsDeadLettered = counter(
      'sink_records_dead_lettered_total',
      'Records moved to the dead-letter topic',
      'topic',
      'partition',
      'code',
    );
    this.flushSeconds = histogram('sink_flush_seconds', 'Duration of one flush', LATENCY_SECONDS, 'topic');
    this.flushRecords = histogram('sink_flush_records', 'Records per flush', BATCH_RECORDS, 'topic');
    this.flushRetries = counter('sink_flush_retries_total', 'Flush attempts that failed', 'topic', 'code');
    this.bufferBytes = gauge('sink_buffer_bytes', 'Bytes taken from Kafka and not yet durable');
    this.consumerLag = gauge(
      'sink_consumer_lag_records',
      'Records behind the end of the partition',
      'topic',
      'partition',
    );
    this.partitionsHalted = gauge(
      'sink_partition_halted',
      '1 while a partition is stopped by an alarm',
      'topic',
      'partition',
    );
    this.rebalances = counter('consumer_rebalances_total', 'Times this consumer joined its group');
    this.durableSeconds = histogram(
      'sink_durable_seconds',
      'From the time the broker appended a record to durable, newest record of a flush',
      LATENCY_SECONDS,
      'topic',
    );

    this.endToEndSeconds = histogram(
      'sink_end_to_end_seconds',
      'From received by the collector to durable, oldest record of a flush',
      END_TO_END_SECONDS,
      'topic',
    );

    this.liveEvents = counter('live_events_total', 'Events that reached the live feed');
    this.liveDelaySeconds = histogram(
      'live_delay_seconds',
      'From the time the broker appended a record to the live feed, newest record of a batch',
      LATENCY_SECONDS,
    );
    this.liveSubscribers = gauge('live_subscribers', 'Open connections to the live feed');
    this.liveSubscribersDropped = counter(
      'live_subscribers_dropped_total',
      'Connections cut for being too slow',
    );
    this.liveSubscribersDisplaced = counter(
      'live_subscribers_displaced_total',
      'Connections ended because their client had the most places and another client had none left',
    );
    this.historyQuestions = counter('history_questions_total', 'Questions to es-sink', 'question', 'outcome');
    this.kafkaClockAheadSeconds = gauge(
      'kafka_clock_ahead_seconds',
      'How far the clock of this machine is ahead of the broker’s; negative where it is behind',
    );
    this.httpConnectionsEnded = counter(
      'http_connections_ended_total',
      'HTTP connections ended for what their client does: pipelining, not-reading; or refused because of too-many',
      'reason',
    );
    this.auditProvedOffset = gauge(
      'audit_proved_offset',
      'Everything below this offset is proved to be in the store',
      'topic',
      'store',
      'partition',
    );
    this.auditProvedTimestamp = gauge(
      'audit_proved_timestamp_seconds',
      'Everything appended before this time is proved to be in the store',
      'topic',
      'store',
    );
    this.auditWaiting = gauge(
      'audit_waiting_records',
      'Records that are in Kafka and are not proved yet',
      'topic',
      'store',
    );
    this.auditStalledSeconds = gauge(
      'audit_stalled_seconds',
      'How long records have waited without any of them being proved; 0 when none waits',
      'topic',
      'store',
    );
    this.auditBroken = gauge(
      'audit_broken_records',
      'Records of which something is wrong in the store: lost, double, invented, damaged',
      'topic',
      'store',
      'kind',
    );
  }

  /** Shows how long flushes have failed; read when the metrics are, so that it rises without another attempt. */
  showHeldPartitions(read: () => readonly HeldPartition[]): void {
    new Gauge({
      name: 'sink_partition_held_seconds',
      help: 'How long the flush of a partition has failed and is repeated; 0 when it does not',
      labelNames: ['topic', 'partition'],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const { seconds, ...labels } of read()) this.set(labels, seconds);
      },
    });
  }

  /** Shows bytes that somebody counts anyhow: they are read when the metrics are. */
  showOpenBodyBytes(read: () => number): void {
    new Gauge({
      name: 'collector_open_body_bytes',
      help: 'Bytes of request bodies that are coming in',
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
