import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { SHORT_SESSIONS, type Drill, type Settings } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';

function zombie(sink: SinkName): Drill {
  return {
    name: `zombie-${sink}`,
    title: `One of two replicas of ${sink} is stopped past its session time-out, its partitions move, it wakes up and is fenced.`,
    settings: SHORT_SESSIONS,
    async run(context) {
      const rounds = context.scale(2, 1);
      await context.start(sink);
      context.load(500);
      for (let round = 1; round <= rounds; round++) {
        await context.advance(1_000, [sink]);
        await context.wait(context.random.between(0, 1_500));
        const victim = context.app(context.random.pick([sink, `${sink}-2`]));
        victim.kill('SIGSTOP');
        await context.everyPartitionAdvances(sink);
        victim.kill('SIGCONT');
        await context.advance(2_000, [sink]);
        assert.notEqual(victim.pid, undefined, `${victim.name} ended when it woke up`);
      }
      context.note(`${rounds} × stopped, replaced, continued`);
    },
  };
}

const scaled: Drill = {
  name: 'sinks-scaled-1-3-1',
  title: 'Both sinks are scaled to three replicas and back to one, three times under load.',
  async run(context) {
    const rounds = context.scale(3, 1);
    context.load(500);
    for (let round = 1; round <= rounds; round++) {
      const more = SINK_NAMES.flatMap((sink) => [sink, sink]);
      const replicas = await Promise.all(more.map((sink) => context.start(sink)));
      await context.advance(2_000);
      await Promise.all(replicas.map(({ name }) => context.stack.dismiss(name)));
      await context.advance(1_000);
    }
    context.note(`${rounds} × 1 → 3 → 1 replicas of each sink`);
  },
};

/** A grace period that ends in the middle of a flush. */
const SHORT_GRACE: Settings = {
  ...SHORT_SESSIONS,
  SHUTDOWN_GRACE_MS: '1000',
  HDFS_SINK_DRAIN_TIMEOUT_MS: '900',
  HDFS_SINK_UPLOAD_TIMEOUT_MS: '800',
  ES_SINK_DRAIN_TIMEOUT_MS: '900',
  ES_SINK_BULK_TIMEOUT_MS: '900',
};

const shortGrace: Drill = {
  name: 'sigterm-with-short-grace',
  title: 'SIGTERM under load with a grace period of a second, and SIGKILL before it is over.',
  isFast: true,
  settings: SHORT_GRACE,
  async run(context) {
    const rounds = context.scale(6, 2);
    context.load(500);
    await Promise.all(SINK_NAMES.map((sink) => terminateAgainAndAgain(context, sink, rounds)));
    await context.advance(1_000);
    context.note(`${rounds} × SIGTERM of each sink, SIGKILL up to 1.5 s later`);
  },
};

async function terminateAgainAndAgain(context: DrillContext, sink: SinkName, rounds: number): Promise<void> {
  for (let round = 1; round <= rounds; round++) {
    await context.advance(500, [sink]);
    context.app(sink).kill('SIGTERM');
    await Promise.race([context.app(sink).exited(), context.wait(context.random.between(0, 1_500))]);
    context.app(sink).kill('SIGKILL');
    await context.app(sink).exited();
    await context.app(sink).launch();
  }
}

export const groupMembers: readonly Drill[] = [zombie('hdfs-sink'), zombie('es-sink'), scaled, shortGrace];
