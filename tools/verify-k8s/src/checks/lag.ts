import { SINK_NAMES, type SinkName } from '@pipeline/event-schema';
import { until } from '@pipeline/local-stack';
import { type Kubectl } from '../cluster/kubectl.ts';
import { startKeda } from '../keda/keda.ts';
import { type Check, hold, IN_NAMESPACE } from './check.ts';
import { hasReplicas } from './deployments.ts';
import { isSecure } from './own-overlay.ts';

const EVENTS = 100_000;
const TO_MOST_MS = 180_000;
const TO_LEAST_MS = 300_000;

export const kedaReadsTheLag: Check = {
  title: 'KEDA reaches the broker with what the overlay gives it',
  async run({ kubectl, cluster, overlay }) {
    await startKeda(cluster);
    for (const sink of SINK_NAMES) {
      await kubectl.run([
        'wait',
        '--for=condition=Ready',
        `scaledobject/${sink}`,
        ...IN_NAMESPACE,
        '--timeout=50s',
      ]);
    }
    return isSecure(overlay) ? 'TLS, SCRAM-SHA-512 from the secret kafka-login' : 'no login';
  },
};

export const sinksFollowTheirLag: Check = {
  title: 'sinks follow the real lag of their groups up to the number of partitions, and down again',
  async run({ kubectl, pipeline }) {
    hold(pipeline !== undefined, 'There is no broker');
    await pipeline.publish(EVENTS);
    const seen = new Map<SinkName, number[]>(SINK_NAMES.map((sink) => [sink, []]));
    const follow = (sink: SinkName, expected: number, timeoutMs: number) =>
      hasReplicas(kubectl, sink, expected, { timeoutMs, onLook: (wanted) => note(seen.get(sink), wanted) });
    const lags = await Promise.all(SINK_NAMES.map((sink) => pipeline.lag(sink)));
    await Promise.all(SINK_NAMES.map(async (sink) => follow(sink, await mostOf(kubectl, sink), TO_MOST_MS)));
    await pipeline.startSinks();
    try {
      await Promise.all(SINK_NAMES.map((sink) => caughtUp(sink, () => pipeline.lag(sink))));
      await Promise.all(SINK_NAMES.map((sink) => follow(sink, 1, TO_LEAST_MS)));
    } finally {
      await pipeline.stopSinks();
    }
    for (const sink of SINK_NAMES) {
      const most = await mostOf(kubectl, sink);
      hold(Math.max(...(seen.get(sink) ?? [])) === most, `${sink} went to ${seen.get(sink)?.join(' → ')}`);
    }
    return SINK_NAMES.map(
      (sink, index) => `${sink} ${seen.get(sink)?.join(' → ')} at lag ${lags[index]}`,
    ).join(', ');
  },
};

async function mostOf(kubectl: Kubectl, sink: SinkName): Promise<number> {
  const path = 'jsonpath={.spec.maxReplicaCount}';
  return Number(await kubectl.text('get', 'scaledobject', sink, ...IN_NAMESPACE, '-o', path));
}

/** Keeps each number that differs from the one before. */
function note(numbers: number[] | undefined, wanted: number): void {
  if (numbers?.at(-1) !== wanted) numbers?.push(wanted);
}

async function caughtUp(sink: SinkName, lag: () => Promise<number>): Promise<void> {
  const reached = await until(async () => (await lag()) === 0, { timeoutMs: TO_LEAST_MS, intervalMs: 500 });
  hold(reached, `${sink} still lags ${await lag()} records behind`);
}
