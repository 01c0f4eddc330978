import { type Kubectl } from '../cluster/kubectl.ts';
import { type Check, IN_NAMESPACE } from './check.ts';
import { hasReplicas } from './deployments.ts';

const APP = 'collector-api';
/** An autoscaler adds at most four pods, or as many as there are, in 15 s. */
const PATIENCE = { timeoutMs: 150_000 };

interface Autoscaler {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly metrics: readonly {
      readonly resource: { readonly target: { readonly averageUtilization: number } };
    }[];
  };
}

export const collectorFollowsItsLoad: Check = {
  title: 'collector-api follows its processor load between its least and its most',
  async run({ kubectl, metrics }) {
    const { spec } = await kubectl.get<Autoscaler>('hpa', APP, ...IN_NAMESPACE);
    const { minReplicas: least, maxReplicas: most } = spec;
    const middle = Math.ceil((least + most) / 2);
    const perPod =
      (await requestedCpu(kubectl)) * ((spec.metrics[0]?.resource.target.averageUtilization ?? 0) / 100);
    for (const [load, expected] of [
      [middle * perPod, middle],
      [3 * most * perPod, most],
      [0, least],
    ] as const) {
      metrics.load.set(APP, load);
      await hasReplicas(kubectl, APP, expected, PATIENCE);
    }
    return [least, middle, most, least].join(' → ');
  },
};

/** In thousandths of a processor. */
async function requestedCpu(kubectl: Kubectl): Promise<number> {
  const path = 'jsonpath={.spec.template.spec.containers[0].resources.requests.cpu}';
  const text = await kubectl.text('get', 'deployment', APP, ...IN_NAMESPACE, '-o', path);
  return text.endsWith('m') ? Number.parseInt(text, 10) : Number(text) * 1_000;
}
