import { type Check, hold, IN_NAMESPACE, NAMESPACE } from './check.ts';
import { type Pod } from './deployments.ts';

/** Everything that a careless pod spec leaves out. */
const CARELESS_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'careless', namespace: NAMESPACE },
  spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
};

export const podsAreRestricted: Check = {
  title: 'the namespace enforces restricted pods',
  async run({ kubectl }) {
    const { metadata } = await kubectl.get<{ metadata: { labels: Record<string, string> } }>(
      'namespace',
      NAMESPACE,
    );
    const level = metadata.labels['pod-security.kubernetes.io/enforce'];
    hold(level === 'restricted', `The namespace enforces ${level ?? 'nothing'}`);
    const reason = await kubectl.refusal(['apply', '-f', '-'], { input: JSON.stringify(CARELESS_POD) });
    hold(
      reason.includes('violates PodSecurity "restricted'),
      `A careless pod is refused, but for: ${reason}`,
    );
    return 'a pod that says nothing is refused';
  },
};

export const podsHaveNoToken: Check = {
  title: 'no pod gets a token of the cluster',
  async run({ kubectl }) {
    const { items } = await kubectl.get<{ items: Pod[] }>('pods', ...IN_NAMESPACE);
    const withToken = items.filter(({ spec }) => (spec.volumes ?? []).some(({ projected }) => projected));
    const names = withToken.map(({ metadata }) => metadata.name).join(', ');
    hold(withToken.length === 0, `These pods have one: ${names}`);
    return `${items.length} pods`;
  },
};
