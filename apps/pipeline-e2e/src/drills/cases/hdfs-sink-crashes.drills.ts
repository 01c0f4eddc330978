import assert from 'node:assert/strict';
import { type Drill } from '../drill.ts';

/** The steps of hdfs-sink between which a file comes into being: values of HDFS_SINK_CRASH_AT. */
const STEPS = ['staged', 'verified', 'renamed', 'before-offset-commit'] as const;

function crashesAt(step: (typeof STEPS)[number]): Drill {
  return {
    name: `hdfs-sink-crashes-${step}`,
    title: `hdfs-sink kills itself at the step "${step}" of a commit, again after its restart, and a healthy one goes on.`,
    ...(step === 'renamed' ? { isFast: true as const } : {}),
    settings: {
      HDFS_SINK_CRASH_AT: step,
      HDFS_SINK_SESSION_TIMEOUT_MS: '6000',
      HDFS_SINK_UPLOAD_TIMEOUT_MS: '5500',
    },
    async run(context) {
      const crashes = context.scale(2, 1);
      context.mayEnd.add('hdfs-sink');
      context.load(500);
      const sink = context.app('hdfs-sink');
      for (let crash = 1; crash <= crashes; crash++) {
        if (crash > 1) await sink.launch();
        assert.equal((await sink.exited())?.signal, 'SIGKILL', 'the sink ended by another cause');
      }
      await context.stack.dismiss('hdfs-sink');
      await context.start('hdfs-sink', { HDFS_SINK_CRASH_AT: 'never' });
      await context.advance(1_000);
      context.note(`${crashes} crashes`);
    },
  };
}

export const hdfsSinkCrashes: readonly Drill[] = STEPS.map(crashesAt);
