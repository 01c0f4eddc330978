import assert from 'node:assert/strict';
import { TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { eventually, type Permission } from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { REFUSING, SPOOLING, TwoCollectors, withSpool } from '../run/two-collectors.ts';

const APPS = ['collector-api', 'hdfs-sink', 'es-sink'] as const;
const PAGE_VIEW = TOPICS.pageView.name;
const PATIENCE = { timeoutMs: 90_000 };

async function readiness({ stack }: DrillContext, app: string): Promise<string> {
  const answer = await fetch(`${stack.app(app).url}/readyz`);
  return `${answer.status} ${await answer.text()}`;
}

/** Resolves when `/readyz` of all of these says so. */
async function allSay(context: DrillContext, apps: readonly string[], what: RegExp): Promise<void> {
  for (const app of apps)
    await eventually(async () => assert.match(await readiness(context, app), what), PATIENCE);
}

/** Takes a read permission from the sinks until `/readyz` has told why, and for a while longer. */
async function withoutReading(
  context: DrillContext,
  resource: Omit<Permission, 'operation'>,
  { reason, meanwhile }: { readonly reason: RegExp; readonly meanwhile: () => Promise<unknown> },
): Promise<void> {
  const { principal } = context.stack.secureKafka!;
  const sinks = resource.kind === 'group' ? [resource.name] : SINK_NAMES;
  await context.advance(500);
  await context.kafka.deny(principal, { ...resource, operation: 'read' });
  await allSay(context, sinks, reason);
  await meanwhile();
  await context.kafka.permit(principal, resource);
  await allSay(context, sinks, /^200 /);
  await context.advance(500);
}

const reading: Drill = {
  name: 'read-permission-taken',
  title:
    'The sinks may not read the clicks for a while, then not belong to their groups: `/readyz` says so, page views are stored meanwhile, and everything resumes without a restart.',
  apps: APPS,
  secureKafka: true,
  settings: (context) => Promise.resolve({ ...context.stack.secureKafka?.environment }),
  async run(context) {
    const outlet = new CollectorOutlet(() => [context.app(SPOOLING)]);
    context.collectorLoad(context.scale(300, 150), outlet, 10);
    context.pageViewLoad(context.scale(100, 50), outlet);
    const pageViewsAreStored = async () => {
      for (const sink of SINK_NAMES) {
        const { committed: before } = await context.progress(sink, PAGE_VIEW);
        await eventually(async () => {
          const { committed } = await context.progress(sink, PAGE_VIEW);
          assert.ok(committed > before + 300n, `${sink} stores no page views`);
        }, PATIENCE);
      }
    };
    await withoutReading(
      context,
      { kind: 'topic', name: TOPIC },
      {
        reason: /^503 .*select-color\/\d: the brokers do not allow it to be read/,
        meanwhile: pageViewsAreStored,
      },
    );
    for (const name of SINK_NAMES) {
      await withoutReading(
        context,
        { kind: 'group', name },
        {
          reason: /^503 .*[Nn]ot authorized to access group/,
          meanwhile: () => context.wait(context.scale(15_000, 8_000)),
        },
      );
    }
    await context.advance(500);
    await context.endLoads();
    assert.deepEqual([...outlet.statuses.keys()], [202], 'answers of the collector');
    context.note(outlet.text);
  },
};

/** Logins have to be renewed within this time. */
const REAUTHENTICATION = { 'listener.name.secure.scram-sha-512.connections.max.reauth.ms': '20000' };

const login: Drill = {
  name: 'login-expired',
  title:
    'The login of all apps expires under load and is refused, since its password was changed, then since it is gone: with a spool no event is refused, and everything resumes without a restart when it is back.',
  apps: APPS,
  secureKafka: true,
  brokerSettings: REAUTHENTICATION,
  settings: async (context) => ({ ...(await withSpool(context)), ...context.stack.secureKafka?.environment }),
  async run(context) {
    const { KAFKA_SASL_USERNAME: user = '', KAFKA_SASL_PASSWORD: password = '' } =
      context.stack.secureKafka!.environment;
    const load = { eventsPerSecond: context.scale(200, 100), perCall: 10 };
    const collectors = await TwoCollectors.start(context, load);
    context.pageViewLoad(context.scale(50, 25), collectors.refusing);
    for (const other of ['another', undefined]) {
      await context.advance(500);
      const { refusals } = collectors;
      await context.kafka.setPassword(user, other);
      await allSay(context, SINK_NAMES, /^503 /);
      // It takes other topics too, and without events it does not know of their trouble.
      await allSay(context, [REFUSING], /topic select-color.*topic page-view/);
      await allSay(context, [SPOOLING], /^200 .*topic select-color/);
      await context.wait(context.scale(10_000, 4_000));
      assert.ok(collectors.refusals > refusals, 'no event was refused');
      await context.kafka.setPassword(user, password);
      await allSay(context, [SPOOLING, REFUSING, ...SINK_NAMES], /^200 (?!.*degraded)/);
      await context.advance(500);
    }
    await collectors.end();
    await collectors.assertNothingRefusedOrRepeated();
    collectors.assertSpooled();
  },
};

export const permissions: readonly Drill[] = [reading, login];
