import { SINK_NAMES } from '@pipeline/event-schema';
import { writeThrowAwayOverlay } from '../overlay/throw-away-overlay.ts';
import { strictApply } from './apply.ts';
import { type Check, IN_NAMESPACE } from './check.ts';
import { rolledOut } from './deployments.ts';

const COOL_DOWN_SECONDS = 5;
/** Nothing asks it. */
const NO_BROKER = '127.0.0.1:9092';

/** Whether the overlay's Kafka is behind TLS and a login. */
export function isSecure(overlay: string): boolean {
  return overlay === 'production';
}

export const overlayIsChangedForThisMachine: Check = {
  title: 'an overlay over the overlay names brokers on loopback and waits for seconds, not for minutes',
  async run({ kubectl, overlay, pipeline, cluster, manifests }) {
    const brokers = pipeline?.environment(isSecure(overlay))['KAFKA_BROKERS'] ?? NO_BROKER;
    const changes = { brokers, coolDownSeconds: COOL_DOWN_SECONDS };
    // Whoever set an image by hand owns that field until somebody insists.
    const folder = writeThrowAwayOverlay(cluster.folder, overlay, changes);
    // A Job cannot be changed; docs/deploy.md has the same command before an upgrade.
    await kubectl.run(['delete', 'job', 'topics', ...IN_NAMESPACE, '--ignore-not-found']);
    const { stdout } = await kubectl.run([...strictApply(folder), '--force-conflicts']);
    for (const name of ['collector-api', ...SINK_NAMES]) await rolledOut(kubectl, `deployment/${name}`);
    return `${stdout.split('\n').length} of ${manifests.length} objects`;
  },
};
