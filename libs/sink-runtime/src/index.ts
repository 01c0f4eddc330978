export { PartitionHaltedError, StagingLostError } from './partition-errors.ts';
export { runSink, type SinkApp, SinkAppModule, type SinkParts } from './run-sink.ts';
export { breakerSettings, drainFitsGrace, sinkSettings, WORKING_ROOM_BYTES } from './sink-settings.ts';
export { Sink } from './sink.ts';
export {
  type PartitionWriter,
  type RecordRange,
  type RejectedRecord,
  type SinkWriter,
  type WriteReport,
} from './sink-writer.ts';
