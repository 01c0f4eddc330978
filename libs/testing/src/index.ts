export { countDocuments, searchDocuments, type StoredDocument } from './documents.ts';
export { deleteFolder, deleteIndex, emptyStores, fetchOk, indicesOf } from './empty-stores.ts';
export { eventually, type Patience } from './eventually.ts';
export { assertExactlyOnce, compareIds, type Discrepancies } from './exactly-once.ts';
export { hdfsCat, listHdfsFiles, readHdfsFile, readHdfsRows, type HdfsRow } from './hdfs-rows.ts';
export {
  isBulk,
  refuseItems,
  startElasticsearchProxy,
  unavailable,
  WRONG_TYPE,
} from './proxy/elasticsearch-proxy.ts';
export {
  FaultProxy,
  type Fault,
  type FaultRule,
  type ProxiedAnswer,
  type ProxiedRequest,
} from './proxy/fault-proxy.ts';
export { startWebHdfsProxy, webHdfsOperation } from './proxy/web-hdfs-proxy.ts';
export { type GroupPosition, KafkaOperator, type Permission } from './kafka/kafka-operator.ts';
export { randomTopic } from './random-topic.ts';
export { startPipeline, startStack, type PipelineOptions } from './start-pipeline.ts';
export { TraceReceiver, type ReceivedSpan } from './trace-receiver.ts';
export { createTopics, type LocalStack, type StackOptions } from '@pipeline/local-stack';
