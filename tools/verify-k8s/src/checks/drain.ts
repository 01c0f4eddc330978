import { type Kubectl } from '../cluster/kubectl.ts';
import { NODE_NAMES } from '../cluster/nodes.ts';
import { namesOfKind } from '../overlay/manifest.ts';
import { type Check, hold } from './check.ts';
import { podsOf, rolledOut } from './deployments.ts';

const APP = 'collector-api';
const REFUSED = "violate the pod's disruption budget";

/** Nothing can be scheduled, so the first node that is drained leaves a pod missing, and the second may not go. */
export const drainHeedsTheBudget: Check = {
  title: 'a drain is refused by the disruption budget, and carried out when pods have found a place',
  async run({ kubectl, manifests }) {
    await kubectl.run(['cordon', ...NODE_NAMES]);
    const [first, second] = await nodesOf(kubectl);
    hold(first !== undefined && second !== undefined, `All pods of ${APP} are on one node`);
    await kubectl.run(drain(first, 40));
    const reason = await kubectl.refusal(drain(second, 5));
    hold(reason.includes(REFUSED) && reason.includes(APP), `The drain of ${second} failed for: ${reason}`);
    for (const name of NODE_NAMES) if (name !== second) await kubectl.run(['uncordon', name]);
    await rolledOut(kubectl, `deployment/${APP}`);
    await kubectl.run(drain(second, 40));
    await kubectl.run(['uncordon', second]);
    for (const name of namesOfKind(manifests, 'Deployment')) await rolledOut(kubectl, `deployment/${name}`);
    return `${first} went, ${second} only after ${APP} was whole again`;
  },
};

function drain(node: string, timeoutSeconds: number): string[] {
  return ['drain', node, '--delete-emptydir-data', '--ignore-daemonsets', `--timeout=${timeoutSeconds}s`];
}

async function nodesOf(kubectl: Kubectl): Promise<string[]> {
  const nodes = (await podsOf(kubectl, APP)).map(({ spec }) => spec.nodeName ?? '');
  return [...new Set(nodes.filter((name) => name !== ''))];
}
