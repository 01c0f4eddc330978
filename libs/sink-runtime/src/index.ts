export { PartitionHaltedError } from './partition-halted-error.ts';
export {
  breakerSettings,
  drainFitsGrace,
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
