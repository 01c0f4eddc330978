import { execa } from 'execa';
import { type Kubectl } from '../cluster/kubectl.ts';
import { type Check, hold, IN_NAMESPACE } from './check.ts';
import { hasReplicas, replicas, rolledOut } from './deployments.ts';

const APPS = ['web-ui', 'hdfs-sink'];

export const sinksScaleByHand: Check = {
  title: 'a sink scales by hand where there is no KEDA',
  async run({ kubectl }) {
    for (const count of [3, 1]) {
      await kubectl.run(['scale', 'deployment/es-sink', ...IN_NAMESPACE, `--replicas=${count}`]);
      await hasReplicas(kubectl, 'es-sink', count, { timeoutMs: 50_000 });
    }
    return 'es-sink 1 → 3 → 1';
  },
};

export const updatesGoAndComeBack: Check = {
  title: 'a new image rolls out and back, and no pod is missing meanwhile',
  async run({ kubectl }) {
    const seen: string[] = [];
    for (const app of APPS) {
      const { wanted } = await replicas(kubectl, app);
      const before = await imageOf(kubectl, app);
      const least = await leastAvailable(kubectl, app, async () => {
        await kubectl.run(['set', 'image', `deployment/${app}`, `app=${before}-next`, ...IN_NAMESPACE]);
        await rolledOut(kubectl, `deployment/${app}`);
        hold((await imageOf(kubectl, app)) === `${before}-next`, `${app} does not run the new image`);
        await kubectl.run(['rollout', 'undo', `deployment/${app}`, ...IN_NAMESPACE]);
        await rolledOut(kubectl, `deployment/${app}`);
      });
      hold((await imageOf(kubectl, app)) === before, `${app} does not run the old image again`);
      hold(least >= wanted, `${app} had ${least} of ${wanted} pods during the update`);
      seen.push(`${app} never below ${least} of ${wanted}`);
    }
    return seen.join(', ');
  },
};

function imageOf(kubectl: Kubectl, app: string): Promise<string> {
  const path = 'jsonpath={.spec.template.spec.containers[0].image}';
  return kubectl.text('get', 'deployment', app, ...IN_NAMESPACE, '-o', path);
}

/** The least number of available pods that the server told of while `change` ran. */
async function leastAvailable(kubectl: Kubectl, app: string, change: () => Promise<void>): Promise<number> {
  const path = 'jsonpath={.status.availableReplicas}{"\\n"}';
  const watch = execa(kubectl.program, ['get', 'deployment', app, ...IN_NAMESPACE, '--watch', '-o', path], {
    env: { KUBECONFIG: kubectl.kubeconfig },
    reject: false,
  });
  try {
    await change();
  } finally {
    watch.kill();
  }
  const { stdout = '' } = await watch;
  // An absent number is a number of none.
  return Math.min(...stdout.split('\n').map(Number));
}
