import 'reflect-metadata';

export { KafkaOperator, type GroupPosition, type Permission } from './admin/kafka-operator.ts';
export { OffsetReader } from './admin/offset-reader.ts';
export { TopicAdmin, type TopicDifference } from './admin/topic-admin.ts';
export { backoffMs, pause, type BackoffOptions } from './backoff.ts';
export { COMPRESSIONS, type Compression } from './client/codecs.ts';
export {
  kafkaConnection,
  kafkaSettings,
  type KafkaConnection,
  type SaslLogin,
} from './client/kafka-connection.ts';
export { BatchContext } from './consume/batch-context.ts';
export { KAFKA_BATCH, KafkaBatchServer, type KafkaBatchServerOptions } from './consume/kafka-batch-server.ts';
export { PositionReader, type PositionQuestion, type Positions } from './admin/position-reader.ts';
export { RangeReader, type OffsetRange, type RangeRecord } from './consume/range-reader.ts';
export { TopicReader, type PartitionExtent, type RecordChunk } from './consume/topic-reader.ts';
export { type PartitionAssignment } from './consume/partition-assignment.ts';
export { type KafkaRecord, type RecordBatch } from './consume/record-batch.ts';
export {
  DEAD_LETTER_HEADERS,
  deadLetter,
  type DeadLetterReason,
  type Letterhead,
  originalHeaders,
  readLetterhead,
} from './publish/dead-letter.ts';
export { type DeadLetter, DeadLetterPublisher } from './publish/dead-letter-publisher.ts';
export { publisherOptions, publisherSettings, type PublisherOptions } from './publish/publisher-options.ts';
export { type BatchLayout, BatchSealer, type SealOptions } from './publish/batch-sealer.ts';
export { ByteBudget } from './publish/byte-budget.ts';
export { BatchesLeftError, type BatchSender } from './publish/batch-sender.ts';
export { createBatchSender } from './publish/create-batch-sender.ts';
export { type EncodedRecords } from './publish/encoded-records.ts';
export { type FallbackLog } from './publish/fallback-log.ts';
export { type OutgoingRecord } from './publish/outgoing-record.ts';
export { type PartitionBatch } from './publish/produce-request.ts';
export { type PublishedTo } from './publish/publish-batch.ts';
export { identityOf, type ProducerIdentity, stampIdentity } from './publish/record-batch-builder.ts';
export { readRecordBatch } from './publish/read-record-batch.ts';
export { encodeRecords, RecordEncoder } from './publish/record-encoder.ts';
export { RecordPublisher, type RecordPublisherOptions } from './publish/record-publisher.ts';
export {
  addHeader,
  type HeaderValue,
  headerEntries,
  headerText,
  noHeaders,
  type RecordHeaders,
} from './record-headers.ts';
export { QueryClient, type QueryClientOptions } from './query/query-client.ts';
export { QueryServer, type QueryServerOptions } from './query/query-server.ts';
export { BrokerClock } from './status/broker-clock.ts';
export { STATUS_INTERVAL_MS } from './status/status-reporter.ts';
export { StatusModule } from './status/status.module.ts';
export { TransportError, type TransportErrorCode } from './transport-error.ts';
