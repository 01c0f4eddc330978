import 'reflect-metadata';

export {
  backoffMs,
  type BackoffOptions,
  BatchesLeftError,
  type BatchSender,
  createBatchSender,
  kafkaConnection,
  type KafkaConnection,
  kafkaSettings,
  type OffsetRange,
  OffsetReader,
  type PartitionExtent,
  pause,
  type PositionQuestion,
  type Positions,
  RangeReader,
  type RangeRecord,
  type RecordChunk,
  removeMembers,
  type SaslLogin,
  TopicReader,
  TransportError,
  type TransportErrorCode,
} from '@pipeline/kafka-driver';
export {
  addHeader,
  type Compression,
  COMPRESSIONS,
  type EncodedRecords,
  encodeRecords,
  headerEntries,
  headerText,
  type HeaderValue,
  identityOf,
  type KafkaRecord,
  noHeaders,
  type OutgoingRecord,
  type PartitionBatch,
  type ProducerIdentity,
  readRecordBatch,
  RecordEncoder,
  type RecordHeaders,
  stampIdentity,
} from '@pipeline/kafka-wire';
export { TopicAdmin, type TopicDifference } from './admin/topic-admin.ts';
export { consumerMetrics } from './consume/consumer-metrics.ts';
export { KAFKA_BATCH, KafkaBatchServer, type KafkaBatchServerOptions } from './consume/kafka-batch-server.ts';
export { BatchContext, type PartitionAssignment, type RecordBatch } from './consume/record-batch.ts';
export {
  DEAD_LETTER_HEADERS,
  deadLetter,
  type DeadLetterReason,
  type Letterhead,
  originalHeaders,
  readLetterhead,
} from './publish/dead-letter.ts';
export { type DeadLetter, DeadLetterPublisher } from './publish/dead-letter-publisher.ts';
export {
  type FallbackLog,
  publisherOptions,
  publisherSettings,
  type PublisherOptions,
} from './publish/publisher-options.ts';
export { type BatchLayout, BatchSealer, type SealOptions } from './publish/batch-sealer.ts';
export { ByteBudget } from './publish/byte-budget.ts';
export { type PublishedTo } from './publish/topic-publisher.ts';
export { RecordPublisher, type RecordPublisherOptions } from './publish/record-publisher.ts';
export { QueryClient, type QueryClientOptions } from './query/query-client.ts';
export { QueryServer, type QueryServerOptions } from './query/query-server.ts';
export { BrokerClock } from './status/broker-clock.ts';
export { STATUS_INTERVAL_MS } from './status/status-reporter.ts';
export { StatusModule } from './status/status.module.ts';
export { SecondTotals } from './status/second-totals.ts';
