export { MemoryBatchSender } from './batch-sender.double.ts';
