import { type SinkName, SINK_NAMES } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill, type Settings } from '../drill.ts';
import { fill } from '../load/fill.ts';
import { assignmentOf } from '../run/assignments.ts';
import { CostWatch } from '../run/cost-watch.ts';
import { CpuShare } from '../run/cpu-share.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { ProgressWatch } from '../run/progress-watch.ts';
import { machineWasTheLimit, rateOf, type Recovery, recoveryLine } from '../run/recovery.ts';

const FEW = 1;
const MANY = 3;
const LEAST_GAIN = 1.7;
const CATCH_UP_MS = 900_000;
/** Replicas sleep while the topic is filled, and must not be given up for dead. */
const SESSION_MS = 120_000;
/** From the last commit before a rebalance to the first one after it. */
const MOST_REBALANCE_PAUSE_MS = 15_000;
const ANSWER_DELAY_MS = 300;
/** Of a processor, for each replica. */
const CPU_SHARE = 0.1;

const SETTINGS: Settings = {
  HDFS_SINK_SESSION_TIMEOUT_MS: String(SESSION_MS),
  ES_SINK_SESSION_TIMEOUT_MS: String(SESSION_MS),
  // A file is half a dozen round trips, which a replica that is stopped most of the time takes long to make.
  HDFS_SINK_FLUSH_MAX_AGE_MS: '2000',
};

type Variant = 'machine' | 'small-replicas' | 'remote-store';

const TITLES: Readonly<Record<Variant, (sink: SinkName) => string>> = {
  machine: (sink) =>
    `${sink} is a million records behind and catches up alone, as three replicas, and while it is scaled from one to three.`,
  'small-replicas': (sink) =>
    `Replicas of ${sink} may use a tenth of a processor each: three catch up at least ${LEAST_GAIN} times as fast as one.`,
  'remote-store': (sink) =>
    `Each answer of ${sink}'s store comes ${ANSWER_DELAY_MS} ms later, as over a long line: one replica against three.`,
};

const RECORDS: Readonly<Record<Variant, readonly [full: number, brief: number]>> = {
  machine: [1_000_000, 60_000],
  'small-replicas': [1_000_000, 30_000],
  'remote-store': [200_000, 30_000],
};

/** What replicas read at full speed before: a process compiles its code in the first second that it works. */
const WARM_UP_RECORDS = [300_000, 6_000] as const;

function lagRecovery(sink: SinkName, variant: Variant): Drill {
  return {
    name: variant === 'machine' ? `lag-recovery-${sink}` : `lag-recovery-${sink}-${variant}`,
    title: TITLES[variant](sink),
    isScaling: true,
    apps: [],
    settings: (context) => settingsOf(context, sink, variant),
    async run(context) {
      const records = context.scale(...RECORDS[variant]);
      const one = await recovered(context, { sink, variant, records, replicas: FEW });
      const three = await recovered(context, { sink, variant, records, replicas: MANY });
      const gain = rateOf(three) / rateOf(one);
      context.note(
        `${sink}: three replicas are ${gain.toFixed(2)} × as fast as one; ${limitOf(variant, three)}`,
      );
      if (variant === 'machine') await scaledWhileBehind(context, sink, records);
      for (const other of SINK_NAMES.filter((name) => name !== sink)) await context.start(other);
      await context.caughtUp(SINK_NAMES, CATCH_UP_MS);
      // Elsewhere the machine, or the time a store takes to answer, is the limit: measured, and said, not promised.
      if (variant !== 'small-replicas') return;
      assert.ok(
        gain >= LEAST_GAIN,
        `three replicas are ${gain.toFixed(2)} × as fast as one, not ${LEAST_GAIN}`,
      );
    },
  };
}

async function settingsOf(context: DrillContext, sink: SinkName, variant: Variant): Promise<Settings> {
  if (variant !== 'remote-store') return SETTINGS;
  const proxy = await (sink === 'hdfs-sink' ? context.hdfsProxy() : context.esProxy());
  proxy.harm(() => ({ kind: 'late', delayMs: ANSWER_DELAY_MS }));
  return { ...SETTINGS, [sink === 'hdfs-sink' ? 'WEBHDFS_URL' : 'ELASTICSEARCH_NODE']: proxy.url };
}

interface Plan {
  readonly sink: SinkName;
  readonly variant: Variant;
  readonly records: number;
  readonly replicas: number;
}

/** Starts replicas, warms them up, lets them sleep while the topic is filled, and waits for lag 0. Then they are gone. */
async function recovered(
  context: DrillContext,
  { sink, variant, records, replicas }: Plan,
): Promise<Recovery> {
  const names = await joined(context, sink, replicas);
  const pids = names.map((name) => pidOf(context, name));
  await fill(context, context.scale(...WARM_UP_RECORDS));
  await context.caughtUp([sink], CATCH_UP_MS);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await fill(context, records);
  const watch = await CostWatch.start(costGroups(context, sink, pids));
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  const shares = variant === 'small-replicas' ? pids.map((pid) => new CpuShare(pid, CPU_SHARE)) : [];
  await context.caughtUp([sink], CATCH_UP_MS);
  const recovery = { replicas, records, cost: await watch.stop() };
  await Promise.all(shares.map((share) => share.lift()));
  context.note(recoveryLine(sink, recovery));
  await Promise.all(names.map((name) => context.stack.dismiss(name)));
  return recovery;
}

/** One replica at work on the lag gets two companions: nobody stands still for long. */
async function scaledWhileBehind(context: DrillContext, sink: SinkName, records: number): Promise<void> {
  const [first = ''] = await joined(context, sink, FEW);
  const pid = pidOf(context, first);
  process.kill(pid, 'SIGSTOP');
  await fill(context, records);
  process.kill(pid, 'SIGCONT');
  await context.advance(records / 10, [sink], CATCH_UP_MS);
  const watch = new ProgressWatch([sink], (group) => context.positions(group));
  await Promise.all([context.start(sink), context.start(sink)]);
  await context.caughtUp([sink], CATCH_UP_MS);
  const pauseMs = (await watch.stop())[sink] ?? 0;
  context.note(`${sink}: scaled from one to three while behind, longest pause of a partition ${pauseMs} ms`);
  assert.ok(pauseMs <= MOST_REBALANCE_PAUSE_MS, `a partition of ${sink} paused for ${pauseMs} ms`);
}

/** Replicas that share the partitions evenly. */
async function joined(context: DrillContext, sink: SinkName, replicas: number): Promise<string[]> {
  const apps = await Promise.all(Array.from({ length: replicas }, () => context.start(sink)));
  await eventually(
    () => {
      const owned = apps.map((app) => assignmentOf(app)?.[TOPIC]?.length ?? 0);
      assert.deepEqual(
        owned,
        apps.map(() => MANY / replicas),
      );
      return Promise.resolve();
    },
    { timeoutMs: 2 * SESSION_MS },
  );
  return apps.map(({ name }) => name);
}

function pidOf(context: DrillContext, name: string): number {
  const { pid } = context.app(name);
  assert.ok(pid !== undefined, `${name} does not run`);
  return pid;
}

function costGroups(
  context: DrillContext,
  sink: SinkName,
  pids: readonly number[],
): Map<string, readonly number[]> {
  const server = (name: string) => context.stack.server(name).pid ?? 0;
  const store = sink === 'hdfs-sink' ? ['namenode', 'datanode'] : ['elasticsearch'];
  return new Map([
    ['sink', pids],
    ['store', store.map(server)],
    ['broker', [server('kafka')]],
  ]);
}

function limitOf(variant: Variant, three: Recovery): string {
  if (machineWasTheLimit(three))
    return 'the limit is the processors of this machine, which all of them share';
  if (variant === 'small-replicas') return 'the limit is what a replica may use';
  if (variant === 'remote-store') return 'the limit is how long the store takes to answer';
  return 'the limit is the store or the broker';
}

export const lagRecoveries: readonly Drill[] = (
  ['machine', 'small-replicas', 'remote-store'] as const
).flatMap((variant) => SINK_NAMES.map((sink) => lagRecovery(sink, variant)));
