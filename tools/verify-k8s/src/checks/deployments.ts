import { until } from '@pipeline/local-stack';
import { type Kubectl } from '../cluster/kubectl.ts';
import { hold, IN_NAMESPACE } from './check.ts';

export interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly volumes?: readonly { readonly name: string; readonly projected?: object }[];
  };
}

/** Resolves when all pods of a Deployment or StatefulSet are the new ones, and ready. */
export async function rolledOut(kubectl: Kubectl, target: string): Promise<void> {
  await kubectl.run(['rollout', 'status', target, ...IN_NAMESPACE, '--timeout=50s']);
}

export async function podsOf(kubectl: Kubectl, app: string): Promise<readonly Pod[]> {
  const selector = `app.kubernetes.io/name=${app}`;
  return (await kubectl.get<{ items: Pod[] }>('pods', ...IN_NAMESPACE, '--selector', selector)).items;
}

/** How many pods a Deployment has that are ready, and how many it should have. */
export async function replicas(kubectl: Kubectl, app: string): Promise<{ wanted: number; ready: number }> {
  const { spec, status } = await kubectl.get<DeploymentNumbers>('deployment', app, ...IN_NAMESPACE);
  return { wanted: spec.replicas, ready: status.readyReplicas ?? 0 };
}

interface DeploymentNumbers {
  readonly spec: { readonly replicas: number };
  readonly status: { readonly readyReplicas?: number };
}

export interface ReplicaPatience {
  readonly timeoutMs: number;
  /** Told of each look. */
  readonly onLook?: (wanted: number) => void;
}

/** Waits until exactly so many pods are wanted and ready. @throws VerifyError when they are not in time. */
export async function hasReplicas(
  kubectl: Kubectl,
  app: string,
  expected: number,
  { timeoutMs, onLook = () => undefined }: ReplicaPatience,
): Promise<void> {
  let last = { wanted: NaN, ready: NaN };
  const reached = await until(
    async () => {
      last = await replicas(kubectl, app);
      onLook(last.wanted);
      return last.wanted === expected && last.ready === expected;
    },
    { timeoutMs, intervalMs: 500 },
  );
  const seen = `${last.wanted} are wanted and ${last.ready} ready`;
  hold(reached, `${app} has not ${expected} replicas after ${timeoutMs / 1_000} s: ${seen}`);
}
