export { type DeadLetterLimits } from './dead-letter-breaker.ts';
export { type FlushPolicy } from './flush-policy.ts';
export { PartitionHaltedError } from './partition-halted-error.ts';
export {
  deadLetterLimits,
  drainFitsGrace,
  flushPolicy,
  sinkSettings,
  type SinkDefaults,
  WORKING_ROOM_BYTES,
} from './sink-settings.ts';
export { SinkModule, type SinkModuleOptions } from './sink.module.ts';
export { Sink, SINK_WRITER } from './sink.ts';
export { StoreHealthModule, type StoreHealthOptions } from './store-health.module.ts';
export { StagingLostError } from './staging-lost-error.ts';
export {
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  type SinkWriter,
  type WriteReport,
} from './sink-writer.ts';
