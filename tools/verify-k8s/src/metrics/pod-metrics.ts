/** Load by the name of an app, in thousandths of a processor. */
export type Load = ReadonlyMap<string, number>;

export interface MeasuredPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly containers: readonly { readonly name: string }[] };
}

export const API_RESOURCES = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'metrics.k8s.io/v1beta1',
  resources: [
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
  ],
};

/** What metrics-server would measure if an app's load were spread evenly over its pods. */
export function podMetrics(pods: readonly MeasuredPod[], load: Load, now = new Date()): object {
  const timestamp = now.toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    kind: 'PodMetricsList',
    apiVersion: 'metrics.k8s.io/v1beta1',
    metadata: {},
    items: pods.map(({ metadata: { name, namespace, labels }, spec }) => {
      const app = appOf(labels);
      const share =
        (load.get(app) ?? 0) / pods.filter(({ metadata }) => appOf(metadata.labels) === app).length;
      return {
        metadata: { name, namespace, labels },
        timestamp,
        window: '15s',
        containers: spec.containers.map((container) => ({
          name: container.name,
          usage: { cpu: `${Math.round(share)}m`, memory: '64Mi' },
        })),
      };
    }),
  };
}

function appOf(labels: Readonly<Record<string, string>>): string {
  return labels['app.kubernetes.io/name'] ?? '';
}
