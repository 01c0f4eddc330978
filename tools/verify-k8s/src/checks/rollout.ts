import { namesOfKind } from '../overlay/manifest.ts';
import { type Check, hold, IN_NAMESPACE } from './check.ts';
import { podsOf, rolledOut } from './deployments.ts';

export const everythingRollsOut: Check = {
  title: 'every Deployment, StatefulSet and Job rolls out',
  async run({ kubectl, manifests }) {
    const [deployments, sets, jobs] = ['Deployment', 'StatefulSet', 'Job'].map((kind) =>
      namesOfKind(manifests, kind),
    ) as [string[], string[], string[]];
    for (const name of deployments) await rolledOut(kubectl, `deployment/${name}`);
    for (const name of sets) await rolledOut(kubectl, `statefulset/${name}`);
    for (const name of jobs) {
      await kubectl.run([
        'wait',
        '--for=condition=complete',
        `job/${name}`,
        ...IN_NAMESPACE,
        '--timeout=50s',
      ]);
    }
    return `${deployments.length} Deployments, ${sets.length} StatefulSets, ${jobs.length} Job`;
  },
};

interface EndpointSlice {
  readonly ports: readonly { readonly name: string; readonly port: number }[] | null;
  readonly endpoints: readonly { readonly conditions: { readonly ready?: boolean } }[] | null;
}

export const servicesLeadToPods: Check = {
  title: 'every Service leads to pods that are ready',
  async run({ kubectl, manifests }) {
    const seen: string[] = [];
    for (const service of namesOfKind(manifests, 'Service')) {
      const selector = `kubernetes.io/service-name=${service}`;
      const slices = await kubectl.get<{ items: EndpointSlice[] }>(
        ...['endpointslices', ...IN_NAMESPACE, '--selector', selector],
      );
      const endpoints = slices.items.flatMap((slice) => slice.endpoints ?? []);
      const ready = endpoints.filter(({ conditions }) => conditions.ready === true).length;
      hold(ready > 0, `The Service ${service} leads to nothing`);
      const ports = slices.items.flatMap((slice) => slice.ports ?? []).map(({ port }) => port);
      seen.push(`${service}:${ports.join('+')} ${ready}`);
    }
    return seen.join(', ');
  },
};

export const podsSpread: Check = {
  title: 'replicas are spread over zones',
  async run({ kubectl }) {
    const app = 'collector-api';
    await kubectl.run([
      'patch',
      'hpa',
      app,
      ...IN_NAMESPACE,
      '--type=merge',
      '--patch',
      '{"spec":{"minReplicas":3}}',
    ]);
    await kubectl.run(['wait', `hpa/${app}`, ...IN_NAMESPACE, '--for=jsonpath={.status.desiredReplicas}=3']);
    await rolledOut(kubectl, `deployment/${app}`);
    const nodes = (await podsOf(kubectl, app)).map(({ spec }) => spec.nodeName ?? 'none');
    hold(new Set(nodes).size === 3, `The replicas of ${app} are on ${nodes.join(', ')}`);
    return `${app} on ${nodes.toSorted().join(', ')}`;
  },
};
