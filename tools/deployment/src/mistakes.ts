import { type Manifest, type Overlay } from './manifests.ts';

/** An edit of one object of a rendered overlay. */
export interface Mistake {
  /** Default `local`. */
  readonly overlay?: Overlay;
  readonly title: string;
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  /** The new value; absent removes it. */
  readonly value?: unknown;
}

const container = '/spec/template/spec/containers/0';
const collector = { kind: 'Deployment', name: 'collector-api' };

/** What each rule must find. */
export const RULE_MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  filesAreMounted: [
    {
      kind: 'ConfigMap',
      name: 'es-sink',
      title: 'a file and no volume',
      path: '/data/ELASTICSEARCH_CA',
      value: '/tls/elasticsearch/ca.crt',
    },
    {
      overlay: 'production',
      kind: 'Deployment',
      name: 'hdfs-sink',
      title: 'a secret that is not mounted',
      path: `${container}/volumeMounts`,
      value: [],
    },
    {
      overlay: 'production',
      kind: 'Deployment',
      name: 'hdfs-sink',
      title: 'a secret without the file',
      path: '/spec/template/spec/volumes/2/secret/items/0/path',
      value: 'token',
    },
  ],
  graceIsEnough: [
    {
      ...collector,
      title: 'a short grace period',
      path: '/spec/template/spec/terminationGracePeriodSeconds',
      value: 30,
    },
    { ...collector, title: 'a long pause', path: `${container}/lifecycle/preStop/sleep/seconds`, value: 20 },
  ],
  imagesArePinned: [
    { ...collector, title: 'no tag', path: `${container}/image`, value: 'web-event-pipeline/collector-api' },
    {
      ...collector,
      title: 'latest',
      path: `${container}/image`,
      value: 'web-event-pipeline/collector-api:latest',
    },
    {
      ...collector,
      title: 'the wrong app',
      path: `${container}/image`,
      value: 'web-event-pipeline/es-sink:dev',
    },
    {
      kind: 'StatefulSet',
      name: 'kafka',
      title: 'a server without a tag',
      path: `${container}/image`,
      value: 'apache/kafka',
    },
  ],
  podsAreRestricted: [
    { ...collector, title: 'root', path: '/spec/template/spec/securityContext/runAsNonRoot', value: false },
    { ...collector, title: 'no seccomp profile', path: '/spec/template/spec/securityContext/seccompProfile' },
    { ...collector, title: 'a token', path: '/spec/template/spec/automountServiceAccountToken' },
    {
      ...collector,
      title: 'a shared account',
      path: '/spec/template/spec/serviceAccountName',
      value: 'default',
    },
    { ...collector, title: 'a writable image', path: `${container}/securityContext/readOnlyRootFilesystem` },
    { ...collector, title: 'capabilities', path: `${container}/securityContext/capabilities` },
    { ...collector, title: 'escalation', path: `${container}/securityContext/allowPrivilegeEscalation` },
    { kind: 'NetworkPolicy', name: 'es-sink', title: 'no policy', path: '/kind', value: 'ConfigMap' },
    { kind: 'ConfigMap', name: 'kafka', title: 'a secret', path: '/kind', value: 'Secret' },
  ],
  portsExist: [
    {
      ...collector,
      title: 'a probe of no port',
      path: `${container}/readinessProbe/httpGet/port`,
      value: 'ops',
    },
    {
      kind: 'Service',
      name: 'web-ui',
      title: 'a service to no port',
      path: '/spec/ports/0/targetPort',
      value: 3001,
    },
  ],
  probesFit: [
    {
      ...collector,
      title: 'a liveness that asks for others',
      path: `${container}/livenessProbe/httpGet/path`,
      value: '/readyz',
    },
    { ...collector, title: 'no readiness', path: `${container}/readinessProbe` },
    { ...collector, title: 'no startup', path: `${container}/startupProbe` },
  ],
  resourcesFit: [
    {
      ...collector,
      title: 'a request above the limit',
      path: `${container}/resources/requests/memory`,
      value: '1Gi',
    },
    { ...collector, title: 'no limit', path: `${container}/resources/limits` },
    { ...collector, title: 'no request', path: `${container}/resources/requests/cpu` },
  ],
  scalersFit: [
    {
      kind: 'Deployment',
      name: 'audit',
      title: 'two of what is to be alone',
      path: '/spec/replicas',
      value: 2,
    },
    {
      kind: 'Deployment',
      name: 'audit',
      title: 'a successor beside what is to be alone',
      path: '/spec/strategy',
      value: { rollingUpdate: { maxSurge: 1 } },
    },
    {
      kind: 'ScaledObject',
      name: 'es-sink',
      title: 'more replicas than partitions',
      path: '/spec/maxReplicaCount',
      value: 4,
    },
    {
      kind: 'ScaledObject',
      name: 'es-sink',
      title: 'an unknown topic',
      path: '/spec/triggers/0/metadata/topic',
      value: 'clicks',
    },
    {
      kind: 'ScaledObject',
      name: 'es-sink',
      title: 'another target',
      path: '/spec/scaleTargetRef/name',
      value: 'hdfs-sink',
    },
    {
      kind: 'ScaledObject',
      name: 'es-sink',
      title: 'no cool-down',
      path: '/spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown',
    },
    {
      kind: 'HorizontalPodAutoscaler',
      name: 'web-ui',
      title: 'least above most',
      path: '/spec/minReplicas',
      value: 9,
    },
    {
      kind: 'PodDisruptionBudget',
      name: 'web-ui',
      title: 'a budget that lets none go',
      path: '/spec/maxUnavailable',
      value: 0,
    },
    { kind: 'PodDisruptionBudget', name: 'web-ui', title: 'no budget', path: '/kind', value: 'ConfigMap' },
  ],
  selectorsMatch: [
    {
      ...collector,
      title: 'a workload',
      path: '/spec/selector/matchLabels/app.kubernetes.io~1name',
      value: 'collector',
    },
    {
      kind: 'Service',
      name: 'web-ui',
      title: 'a service',
      path: '/spec/selector/app.kubernetes.io~1name',
      value: 'ui',
    },
    {
      kind: 'NetworkPolicy',
      name: 'web-ui',
      title: 'a policy',
      path: '/spec/podSelector/matchLabels/app.kubernetes.io~1name',
      value: 'ui',
    },
  ],
  serversAreReachable: [
    {
      kind: 'ConfigMap',
      name: 'es-sink',
      title: 'a store behind a closed port',
      path: '/data/ELASTICSEARCH_NODE',
      value: 'http://es-1:9200,http://es-2:9300',
    },
    {
      kind: 'ConfigMap',
      name: 'kafka',
      title: 'brokers behind a closed port',
      path: '/data/KAFKA_BROKERS',
      value: 'kafka:9094',
    },
  ],
  settingsExist: [
    {
      kind: 'ConfigMap',
      name: 'es-sink',
      title: 'an unknown setting',
      path: '/data/ES_SINK_BULK_MAX_BYTE',
      value: '1',
    },
    {
      kind: 'ConfigMap',
      name: 'es-sink',
      title: 'a setting of another app',
      path: '/data/WEB_UI_PORT',
      value: '1',
    },
    {
      ...collector,
      title: 'no such ConfigMap',
      path: `${container}/envFrom/0/configMapRef/name`,
      value: 'broker',
    },
  ],
};

/** What the strict schemas must find. */
export const SCHEMA_MISTAKES: readonly Mistake[] = [
  { ...collector, title: 'a misspelt field', path: `${container}/livenesProbe`, value: {} },
  {
    ...collector,
    title: 'a number as environment',
    path: `${container}/env`,
    value: [{ name: 'A', value: 1 }],
  },
  { ...collector, title: 'a wrong quantity', path: `${container}/resources/limits/memory`, value: '512MB' },
  { ...collector, title: 'a missing field', path: '/spec/selector' },
  { ...collector, title: 'an old API version', path: '/apiVersion', value: 'apps/v1beta1' },
  {
    kind: 'ScaledObject',
    name: 'es-sink',
    title: 'a misspelt field of KEDA',
    path: '/spec/maxReplicas',
    value: 3,
  },
];

/** The objects with the edit applied to a copy. */
export function withMistake(
  manifests: readonly Manifest[],
  { kind, name, path, value }: Mistake,
): Manifest[] {
  const copy = structuredClone(manifests) as Manifest[];
  const keys = path
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/'));
  const last = keys.pop() ?? '';
  // Generated ConfigMaps carry a hash behind their name.
  const target = copy.find(
    (each) => each.kind === kind && each.metadata.name.replace(/-\w{10}$/, '') === name,
  );
  if (target === undefined) throw new Error(`${kind} ${name} is not rendered`);
  let parent = target as unknown as Record<string, unknown>;
  for (const key of keys) parent = parent[key] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
