import { type SinkName, SINK_NAMES, STORED_TOPICS } from '@pipeline/event-schema';
import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { MOST_IDLE_WAKE_UPS_PER_SECOND, wakeUpRates } from '../../support/wake-ups.ts';
import { type Drill } from '../drill.ts';
import { assignmentOf, partitionCount } from '../run/assignments.ts';
import { type DrillContext } from '../run/drill-context.ts';

const IDLE = 2;
/** With one partition of each topic. */
const REPLICAS = STORED_TOPICS.length + IDLE;

const moreThanPartitions: Drill = {
  name: 'more-replicas-than-partitions',
  title:
    'A sink has two replicas more than partitions: the two without any are ready, wake up less than 40 times a second and complain of nothing.',
  apps: [],
  topics: (topic) => ({ ...topic, partitions: 1 }),
  async run(context) {
    for (const sink of SINK_NAMES) await idleBeside(context, sink);
    for (const sink of SINK_NAMES) await context.start(sink);
  },
};

async function idleBeside(context: DrillContext, sink: SinkName): Promise<void> {
  const replicas = await Promise.all(Array.from({ length: REPLICAS }, () => context.start(sink)));
  const idle = await eventually(
    () => {
      const without = replicas.filter((app) => partitionCount(assignmentOf(app) ?? { none: [0] }) === 0);
      assert.equal(without.length, IDLE, `${without.length} replicas of ${sink} own nothing`);
      return Promise.resolve(without);
    },
    { timeoutMs: 120_000 },
  );
  const load = context.load(100);
  await context.advance(200, [sink]);
  // While a group finds its members, each is told to join again.
  const saidBefore = idle.map(({ output }) => output.length);
  const rates = await wakeUpRates(idle);
  await load.stop();
  await context.caughtUp([sink]);
  context.note(
    `${sink}: ${IDLE} of ${REPLICAS} idle, ${rates.map((rate) => rate.toFixed(0)).join(' and ')} wake-ups a second`,
  );
  for (const [index, app] of idle.entries()) {
    assert.equal((await fetch(`${app.url}/readyz`)).status, 200, `${app.name} is not ready`);
    const complaints = app.output
      .slice(saidBefore[index])
      .filter((line) => /"level":"(warn|error|fatal)"/.test(line));
    assert.deepEqual(complaints, [], `${app.name} complains`);
  }
  for (const rate of rates)
    assert.ok(rate < MOST_IDLE_WAKE_UPS_PER_SECOND, `an idle ${sink} wakes up ${rate} times a second`);
  await Promise.all(replicas.map(({ name }) => context.stack.dismiss(name)));
}

const rolled: Drill = {
  name: 'sinks-rolled-under-load',
  title:
    'Three replicas of each sink are replaced one by one under load, each successor ready before its predecessor is asked to end, as a rolling update does it.',
  async run(context) {
    const rounds = context.scale(3, 1);
    await Promise.all(SINK_NAMES.flatMap((sink) => [context.start(sink), context.start(sink)]));
    context.load(500);
    for (let round = 1; round <= rounds; round++)
      await Promise.all(SINK_NAMES.map((sink) => roll(context, sink)));
    await context.advance(1_000);
    context.note(`${rounds} × all three replicas of each sink replaced`);
  },
};

async function roll(context: DrillContext, sink: SinkName): Promise<void> {
  const leaving = context.stack.apps.filter(({ app }) => app === sink);
  for (const app of leaving) {
    await context.advance(500, [sink]);
    await context.start(sink);
    assert.equal(await app.stop(), 0, `${app.name} did not end cleanly`);
    await context.stack.dismiss(app.name);
  }
}

export const replicas: readonly Drill[] = [moreThanPartitions, rolled];
