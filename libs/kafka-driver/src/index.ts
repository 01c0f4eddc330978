export { backoffMs, pause, type BackoffOptions } from './backoff.ts';
export {
  BatchesLeftError,
  type BatchSender,
  TransportError,
  type TransportErrorCode,
} from './batch-sender.ts';
export { createCluster } from './cluster.ts';
export { endProcess, watchCrashes } from './crashes.ts';
export { createBatchSender } from './create-batch-sender.ts';
export {
  type CreateGroupConsumer,
  type FetchedPack,
  type GroupConsumer,
  type GroupEvents,
  type GroupOptions,
  type OffsetCommit,
  type PartitionId,
  type PassedOver,
} from './group-consumer.ts';
export { removeMembers } from './group-members.ts';
export { createKafka, createMessageClient, type MessageClient } from './kafka-clients.ts';
export { kafkaConnection, kafkaSettings, type KafkaConnection, type SaslLogin } from './kafka-connection.ts';
export {
  type Admin,
  type ConnectionPool,
  type EachMessagePayload,
  kafkajs,
  type KafkaMessage,
  type Message,
} from './kafkajs/kafkajs.ts';
export { KafkajsGroupConsumer } from './kafkajs.group-consumer.ts';
export {
  type CommittedOffset,
  OffsetReader,
  type PartitionExtent,
  type PositionQuestion,
  type Positions,
} from './offset-reader.ts';
export { sendParts } from './send-parts.ts';
export { SingleRecordProducer } from './single-record-producer.ts';
export {
  type OffsetRange,
  RangeReader,
  type RangeRecord,
  type RecordChunk,
  TopicReader,
} from './topic-reader.ts';
