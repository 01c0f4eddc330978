import assert from 'node:assert/strict';
import { rejectedTopic, SINK_NAMES } from '@pipeline/event-schema';
import { type Part } from '@pipeline/local-stack';
import { eventually } from '@pipeline/testing';
import { sendEvents } from '../../support/send-events.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { acceptedClick, nextClick, type Click } from '../load/click.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type Load } from '../load/load.ts';
import { ArrivalWatch } from '../mirror/arrival-watch.ts';
import { assertSameRecords } from '../mirror/same-records.ts';
import { emptied, forgetMirrors, mirrored, promote, secondCluster } from '../mirror/second-cluster.ts';
import { count, seconds } from '../report/result-line.ts';
import { audited, idsInKafka } from '../run/audited.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { letterCodes } from '../run/letter-codes.ts';

const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;
const EVENTS_PER_SECOND = 300;
/** Events that the first cluster has alone when it dies. */
const ALONE = 500;
/** A worker's session, the pause before its work is given to others, and a busy machine. */
const PATIENCE_MS = 120_000;

const mirroredDrill: Drill = {
  name: 'mirrored-to-a-second-cluster',
  title:
    'MirrorMaker is killed, and a broker that it writes to restarts: the second cluster has each record once, in its place and to the byte, and so have stores of its own.',
  isMirroring: true,
  apps: APPS,
  async run(context) {
    const { standby, mirror } = await mirroredSites(context);
    const arrivals = new ArrivalWatch(standby.stack, TOPIC);
    context.onClose(() => arrivals.close());
    const collectors = new CollectorOutlet(() => [context.app('collector-api')]);
    context.collectorLoad(EVENTS_PER_SECOND, collectors);
    await oddRecords(context);
    await arrivals.more(context.scale(6_000, 1_500), PATIENCE_MS);
    context.note(`undisturbed: ${arrivals.text()}`);
    for (let round = 1; round <= context.scale(3, 1); round++) {
      await disturbed(context, arrivals, {
        name: 'MirrorMaker killed and started',
        async disturb() {
          mirror.kill('SIGKILL');
          await mirror.exited();
          await mirror.start();
        },
      });
    }
    const broker = standby.stack.server('kafka-2');
    await disturbed(context, arrivals, {
      name: 'a broker of the second cluster restarted',
      async disturb() {
        await broker.stop();
        await broker.start();
      },
    });
    await oddRecords(context);
    await context.endLoads();
    await context.caughtUp();
    const records = (await idsInKafka(context.stack)).length;
    await eventually(() => assert.ok(arrivals.count >= records), { timeoutMs: PATIENCE_MS });
    // What it has read by now is committed or never was.
    await mirror.stop();
    await forgetMirrors(context);
    await assertMirrored(context, standby);
  },
};

/** A second cluster with sinks of its own, and MirrorMaker towards it. */
async function mirroredSites(context: DrillContext): Promise<{ standby: DrillContext; mirror: Part }> {
  const standby = await secondCluster(context);
  const mirror = await mirrored(context, standby);
  await Promise.all(SINK_NAMES.map((sink) => standby.start(sink)));
  return { standby, mirror };
}

interface Disturbance {
  readonly name: string;
  readonly disturb: () => Promise<void>;
}

/** Disturbs while records are on their way, and waits until they come as soon as before. */
async function disturbed(
  context: DrillContext,
  arrivals: ArrivalWatch,
  { name, disturb }: Disturbance,
): Promise<void> {
  await arrivals.more(context.random.between(200, 1_200), PATIENCE_MS);
  const before = arrivals.count;
  const startedAt = performance.now();
  await disturb();
  await arrivals.fresh(PATIENCE_MS);
  const backMs = performance.now() - startedAt;
  context.note(`${name}: up to date after ${seconds(backMs)}; ${arrivals.text(before)}`);
}

/** What is easily lost or changed on the way, and what must not go that way at all. */
async function oddRecords(context: DrillContext): Promise<void> {
  const click = (extra: object = {}) => JSON.stringify({ ...acceptedClick(context.random), ...extra });
  await context.outlet().sendRecords([
    { key: null, value: click() },
    { key: '', value: click({ padding: 'p'.repeat(800_000) }) },
    {
      key: Buffer.from([0xff, 0x00, 0x80]),
      value: click(),
      headers: { empty: '', bytes: Buffer.from([0xff]) },
    },
    { key: 'gone', value: null },
    { key: 'not json', value: Buffer.from([0x00, 0xff, 0xfe]) },
  ]);
  await context.kafka.produceAborted(TOPIC, [{ key: 'aborted', value: click() }]);
  const refused = { ...nextClick(context.random), color_name: 'pink' };
  assert.equal((await sendEvents(context.app('collector-api'), [refused])).status, 400);
}

/** Both clusters hold the same, and the stores of the second one each record of it once. */
async function assertMirrored(context: DrillContext, standby: DrillContext): Promise<void> {
  const clusters = { here: context.stack, there: standby.stack };
  const records = await assertSameRecords(TOPIC, clusters);
  const refused = await assertSameRecords(rejectedTopic(TOPIC), clusters);
  assert.ok(refused > 0, 'nothing was refused');
  await assertStoredOnce(standby, context.loads);
  for (const sink of SINK_NAMES) {
    const letters = await letterCodes(context, sink);
    assert.ok(Object.keys(letters).length > 0, `no dead letters of ${sink}`);
    assert.deepEqual(await letterCodes(standby, sink), letters, `dead letters of ${sink} beside the standby`);
  }
  context.note(`${count(records)} records and ${refused} refused events are the same on both clusters`);
}

/** What the apps beside a cluster have stored of it. */
async function assertStoredOnce(site: DrillContext, loads: DrillContext['loads']): Promise<void> {
  await site.caughtUp();
  const acknowledged = loads.flatMap((load) => load.acknowledged);
  const { failures } = await audited(site.stack, acknowledged);
  assert.deepEqual(failures, [], 'audit of the second cluster');
}

const takenOver: Drill = {
  name: 'second-cluster-takes-over',
  title:
    'The first cluster dies and the second one takes over, gets the rest when the first is back, and mirrors everything to the first, which was emptied.',
  isMirroring: true,
  apps: APPS,
  async run(context) {
    const { standby, mirror } = await mirroredSites(context);
    const first = collect(context);
    await standby.advance(context.scale(5_000, 1_500));
    await die(context, mirror, first);
    await takeOver(context, standby, first);
    await takeTheRest(context, standby, { mirror, first });
    await goBack(context, standby, mirror);
    await assertStoredOnce(standby, context.loads);
  },
};

function collect(site: DrillContext): Load<Click> {
  return site.collectorLoad(EVENTS_PER_SECOND, new CollectorOutlet(() => [site.app('collector-api')]));
}

/** MirrorMaker first, so that the cluster takes something along that nobody else has. */
async function die(context: DrillContext, mirror: Part, first: Load<Click>): Promise<void> {
  mirror.kill('SIGKILL');
  await mirror.exited();
  const mirroredAtMost = first.acknowledged.length;
  const more = () => assert.ok(first.acknowledged.length >= mirroredAtMost + ALONE);
  await eventually(more, { timeoutMs: PATIENCE_MS });
  context.stack.server('kafka').kill('SIGKILL');
  await first.stop();
}

/** Collects on the second cluster, and sees its sinks go on. */
async function takeOver(context: DrillContext, standby: DrillContext, first: Load<Click>): Promise<void> {
  const behind = (await notIn(standby, first)).length;
  assert.ok(behind >= ALONE, `only ${behind} events were on the first cluster alone`);
  context.note(
    `${behind} of ${first.acknowledged.length} acknowledged events were on the first cluster only`,
  );
  await promote(standby);
  await standby.start('collector-api');
  const startedAt = performance.now();
  context.loads.push(collect(standby));
  await standby.advance(1);
  context.note(
    `the second cluster's sinks stored ${seconds(performance.now() - startedAt)} after it collected`,
  );
  await standby.advance(context.scale(5_000, 1_500));
}

/** The first cluster is back with what it had alone: MirrorMaker goes on where it was. */
async function takeTheRest(
  context: DrillContext,
  standby: DrillContext,
  { mirror, first }: { readonly mirror: Part; readonly first: Load<Click> },
): Promise<void> {
  await context.stack.server('kafka').start();
  await mirror.start();
  await eventually(
    async () => assert.deepEqual(await notIn(standby, first), [], 'events that the second cluster lacks'),
    { timeoutMs: PATIENCE_MS, intervalMs: 1_000 },
  );
}

async function notIn({ stack }: DrillContext, { acknowledged }: Load<Click>): Promise<string[]> {
  const there = new Set(await idsInKafka(stack));
  return acknowledged.filter((id) => !there.has(id));
}

/** The first cluster is emptied and becomes the one that is mirrored to, under the load of the other. */
async function goBack(context: DrillContext, standby: DrillContext, mirror: Part): Promise<void> {
  await mirror.stop();
  await forgetMirrors(standby);
  await emptied(context);
  const back = await mirrored(standby, context);
  await Promise.all(SINK_NAMES.map((sink) => context.start(sink)));
  await context.advance(context.scale(5_000, 1_500));
  await standby.endLoads();
  const clusters = { here: standby.stack, there: context.stack };
  const records = await eventually(() => assertSameRecords(TOPIC, clusters), { timeoutMs: PATIENCE_MS });
  await back.stop();
  await assertSameRecords(TOPIC, clusters);
  await forgetMirrors(context);
  context.note(`${count(records)} records are the same on both clusters after the way back`);
}

export const mirroring: readonly Drill[] = [mirroredDrill, takenOver];
