import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { cutOff, reconnect } from '../bench/cluster-network.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { TwoCollectors, withSpool } from '../run/two-collectors.ts';

const CUT_MS = 20_000;
const MOST_REFUSED_SECONDS = 8;
const PATIENCE = { timeoutMs: 90_000 };

/** As docs/deploy.md advises: Kafka's own would notice a broker that is cut off, and one that is back, seconds later. */
const QUICK_BROKERS = {
  'min.insync.replicas': '2',
  'broker.session.timeout.ms': '3000',
  'broker.heartbeat.interval.ms': '500',
  'controller.quorum.fetch.timeout.ms': '1000',
  'controller.quorum.election.timeout.ms': '500',
  'controller.quorum.request.timeout.ms': '1000',
  'request.timeout.ms': '2000',
  'controller.socket.timeout.ms': '2000',
  'socket.connection.setup.timeout.ms': '1000',
  'socket.connection.setup.timeout.max.ms': '2000',
  'replica.fetch.backoff.ms': '250',
};

/** In how many whole seconds a request was refused: while a broker was away, and until all was well again. */
interface RefusedSeconds {
  readonly away: number;
  readonly after: number;
}

/** Cuts brokers off for so long, and waits until all is well again. */
async function without(
  brokers: readonly number[],
  { refusedSeconds }: CollectorOutlet,
  context: DrillContext,
): Promise<RefusedSeconds> {
  refusedSeconds.clear();
  await Promise.all(brokers.map(cutOff));
  try {
    await context.wait(context.scale(CUT_MS, 15_000));
  } finally {
    await Promise.all(brokers.map(reconnect));
  }
  const away = refusedSeconds.size;
  await allInSync(context);
  await context.advance(1_000);
  // A broker that was cut off says at first what was true before.
  await allInSync(context);
  return { away, after: refusedSeconds.size - away };
}

const textOf = ({ away, after }: RefusedSeconds) => `${away} + ${after} s`;

async function allInSync({ kafka }: DrillContext): Promise<void> {
  await eventually(
    async () => assert.equal(await kafka.inSyncReplicas(TOPIC), 3, 'in-sync replicas'),
    PATIENCE,
  );
}

const cut: Drill = {
  name: 'brokers-cut-off',
  title: `Each of three brokers is cut off the network for 20 s, then two at once: with a spool no event is refused, without one for at most ${MOST_REFUSED_SECONDS} s while one is away.`,
  apps: ['collector-api', 'hdfs-sink', 'es-sink'],
  brokers: 3,
  isApart: true,
  brokerSettings: QUICK_BROKERS,
  settings: async (context) => ({ ...(await withSpool(context)), PUBLISH_TIMEOUT_MS: '800' }),
  async run(context) {
    const load = { eventsPerSecond: context.scale(150, 100), perCall: 5 };
    const collectors = await TwoCollectors.start(context, load);
    const { refusing } = collectors;
    await allInSync(context);
    await context.advance(500);
    const refused: RefusedSeconds[] = [];
    for (const broker of context.scale(3, 1) === 3 ? [1, 2, 3] : [1]) {
      refused.push(await without([broker], refusing, context));
    }
    const withTwo = await without([1, 2], refusing, context);
    await collectors.end();
    context.note(
      `refused while away and after: ${refused.map(textOf).join(', ')} with one, ${textOf(withTwo)} with two`,
    );
    await collectors.assertNothingRefusedOrRepeated();
    const worst = Math.max(...refused.map(({ away, after }) => away + after));
    assert.ok(worst <= MOST_REFUSED_SECONDS, `refused for ${worst} s for one broker that was away`);
  },
};

export const cutOffs: readonly Drill[] = [cut];
