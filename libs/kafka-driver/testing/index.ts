export { type HeldRequest, MemoryBatchSender } from './batch-sender.double.ts';
export { MemoryKafka, settle } from './kafka.double.ts';
export { MemoryMessageKafka } from './message-kafka.double.ts';
export { describeDriver, type DriverRig } from './driver.contract.ts';
