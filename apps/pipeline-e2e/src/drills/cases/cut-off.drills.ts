import assert from 'node:assert/strict';
import { eventually } from '@pipeline/testing';
import { cutOff, reconnect } from '../bench/cluster-network.ts';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { CollectorOutlet } from '../load/collector.outlet.ts';
import { type DrillContext } from '../run/drill-context.ts';
import { REFUSING, spoolIsEmpty, SPOOLING, withSpool } from '../run/one-topic.ts';

const CUT_MS = 20_000;
const MOST_REFUSED_SECONDS = 8;
const PATIENCE = { timeoutMs: 90_000 };

/** As docs/deploy.md advises: Kafka's own would notice a broker that is cut off, and one that is back, seconds later. */
const QUICK_BROKERS = {
  'min.insync.replicas': '2',
  'broker.session.timeout.ms': '4000',
  'broker.heartbeat.interval.ms': '500',
  'request.timeout.ms': '2000',
  'controller.socket.timeout.ms': '2000',
  'socket.connection.setup.timeout.ms': '1000',
  'socket.connection.setup.timeout.max.ms': '2000',
};

/** Clicks to one collector with a spool and one without, and what each was answered. */
class TwoCollectors {
  readonly spooling: CollectorOutlet;
  readonly refusing: CollectorOutlet;

  constructor(private readonly context: DrillContext) {
    const [spooling, refusing] = [SPOOLING, REFUSING].map((name) => {
      const outlet = new CollectorOutlet(() => [context.app(name)]);
      context.collectorLoad(context.scale(150, 100), outlet, 5);
      return outlet;
    }) as [CollectorOutlet, CollectorOutlet];
    this.spooling = spooling;
    this.refusing = refusing;
  }

  /** Cuts brokers off for so long, and waits until all is well again. */
  async without(brokers: readonly number[], ms: number): Promise<RefusedSeconds> {
    const { context, refusing } = this;
    refusing.refusedSeconds.clear();
    await Promise.all(brokers.map(cutOff));
    try {
      await context.wait(ms);
    } finally {
      await Promise.all(brokers.map(reconnect));
    }
    const away = refusing.refusedSeconds.size;
    await allInSync(context);
    await context.advance(1_000);
    return { away, after: refusing.refusedSeconds.size - away };
  }
}

/** In how many whole seconds a request was refused: while a broker was away, and until all was well again. */
interface RefusedSeconds {
  readonly away: number;
  readonly after: number;
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
    await context.start('collector-api', { COLLECTOR_API_SPOOL_DIR: '' });
    const collectors = new TwoCollectors(context);
    const cutMs = context.scale(CUT_MS, 15_000);
    await allInSync(context);
    await context.advance(500);
    const refused: RefusedSeconds[] = [];
    for (const broker of context.scale(3, 1) === 3 ? [1, 2, 3] : [1]) {
      refused.push(await collectors.without([broker], cutMs));
    }
    const withTwo = await collectors.without([1, 2], cutMs);
    await context.endLoads();
    await spoolIsEmpty(context);
    context.note(`with a spool: ${collectors.spooling.text}; without: ${collectors.refusing.text}`);
    context.note(
      `refused while away and after: ${refused.map(textOf).join(', ')} with one, ${textOf(withTwo)} with two`,
    );
    assert.deepEqual([...collectors.spooling.statuses.keys()], [202], 'answers with a spool');
    assert.deepEqual(await context.repeatedInKafka(), [], 'events that are in Kafka twice');
    const worst = Math.max(...refused.map(({ away, after }) => away + after));
    assert.ok(worst <= MOST_REFUSED_SECONDS, `refused for ${worst} s for one broker that was away`);
  },
};

export const cutOffs: readonly Drill[] = [cut];
