import { type AppName } from '@pipeline/local-stack';
import { GroupProgress } from '../../measure/group-progress.ts';
import { type RunningConsumer, type SinkPlace } from './sink-contestant.ts';

/** A sink of ours; what it has committed is stored. Its consumer group has its name. */
export async function startOurSink(
  app: Extract<AppName, 'hdfs-sink' | 'es-sink'>,
  { stack, topic }: SinkPlace,
  settings: Readonly<Record<string, string>> = {},
  processes = 1,
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
