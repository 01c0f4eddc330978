import { readFileSync } from 'node:fs';
import { type Cluster } from './cluster.ts';

/** An API that a program on loopback serves and the API server passes on. */
export interface AggregatedApi {
  /** Such as `metrics.k8s.io`. */
  readonly group: string;
  readonly version: string;
  readonly port: number;
}

/** The name that the server's certificate must be for: the API server believes no other. */
export function serverName({ group }: AggregatedApi): string {
  return `${serviceName(group)}.${NAMESPACE}.svc`;
}

/** Registers the API and resolves when the API server has found it. */
export async function registerApi(cluster: Cluster, { group, version, port }: AggregatedApi): Promise<void> {
  const { kubectl, authority } = cluster;
  const name = serviceName(group);
  await kubectl.apply([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: NAMESPACE },
      spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port }] },
    },
    {
      apiVersion: 'apiregistration.k8s.io/v1',
      kind: 'APIService',
      metadata: { name: `${version}.${group}` },
      spec: {
        ...{ group, version, groupPriorityMinimum: 100, versionPriority: 100 },
        service: { name, namespace: NAMESPACE, port },
        caBundle: readFileSync(authority.certificate).toString('base64'),
      },
    },
  ]);
  await kubectl.run(['wait', '--for=condition=Available', `apiservice/${version}.${group}`, '--timeout=50s']);
}

const NAMESPACE = 'metrics';

function serviceName(group: string): string {
  return group.replaceAll('.', '-');
}
