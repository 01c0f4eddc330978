import { type AppName } from '@pipeline/event-schema';
import { GroupProgress } from '../../measure/group-progress.ts';
import { type ConsumingContestant, type RunningConsumer, type SinkPlace } from './sink-contestant.ts';
import { elasticsearchHoldsOnce, hdfsHoldsOnce } from './stored-once.ts';

/** So many files in a run, or one of each partition, full ones: only what is left over comes of age. */
const FILES = 36;

function hdfsSettings({ partitions, eventsPerPartition }: SinkPlace) {
  const records = Math.ceil(eventsPerPartition / Math.max(1, Math.floor(FILES / partitions)));
  return { HDFS_SINK_FLUSH_MAX_RECORDS: String(records), HDFS_SINK_FLUSH_MAX_AGE_MS: '2000' };
}

/** How a sink of ours takes part, where it is not by one process and with its topic as it is defined. */
export interface Scale {
  readonly name?: string;
  readonly processes?: number;
  readonly partitions?: number;
}

export function ourHdfsSink(scale: Scale = {}): ConsumingContestant {
  return {
    ...facts(scale),
    start: (place) => start('hdfs-sink', place, scale.processes, hdfsSettings(place)),
    verify: hdfsHoldsOnce,
  };
}

export function ourEsSink(scale: Scale = {}): ConsumingContestant {
  return {
    ...facts(scale),
    start: (place) => start('es-sink', place, scale.processes),
    verify: elasticsearchHoldsOnce,
  };
}

function facts({ name = 'ours', partitions }: Scale) {
  const scaled = partitions === undefined ? {} : { partitions };
  return { name, kind: 'ours', guarantee: 'exactly once', ...scaled } as const;
}

/** What a sink of ours has committed is stored. Its consumer group has its name. */
async function start(
  app: Extract<AppName, 'hdfs-sink' | 'es-sink'>,
  { stack, topic }: SinkPlace,
  processes = 1,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningConsumer> {
  const progress = new GroupProgress(stack, app, topic);
  const starts = Array.from({ length: processes }, () =>
    stack.startApp(app, { LOG_LEVEL: 'warn', ...settings }),
  );
  const apps = await Promise.all(starts);
  return {
    pids: apps.map(({ pid }) => pid!),
    signal: (signal) => apps.forEach((each) => each.kill(signal)),
    stored: () => progress.committed(),
    async stop() {
      apps.forEach((each) => each.kill('SIGCONT'));
      for (const { name } of apps) await stack.dismiss(name);
      await progress.close();
    },
  };
}
