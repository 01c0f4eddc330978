export { MemoryBatchSender } from '@pipeline/kafka-driver/testing';
