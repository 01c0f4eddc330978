import { type Manifest } from '../manifests.ts';

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly env?: readonly EnvironmentVariable[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string | number>>;
    readonly limits?: Readonly<Record<string, string | number>>;
  };
  readonly securityContext?: {
    readonly readOnlyRootFilesystem?: boolean;
    readonly allowPrivilegeEscalation?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string } };
}

interface Probe {
  readonly httpGet?: { readonly port: string | number; readonly path?: string };
  readonly tcpSocket?: { readonly port: string | number };
}

export type Labels = Readonly<Record<string, string>>;

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: { readonly runAsNonRoot?: boolean; readonly seccompProfile?: object };
  readonly volumes?: readonly Volume[];
  readonly topologySpreadConstraints?: readonly {
    readonly labelSelector: { readonly matchLabels: Labels };
  }[];
}

interface Volume {
  readonly name: string;
  readonly secret?: {
    readonly secretName: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
}

/** An object that makes pods. */
export interface Workload {
  readonly kind: string;
  readonly name: string;
  readonly labels: Labels;
  /** Absent for a Job, which makes its own. */
  readonly selector: Labels | undefined;
  readonly pod: PodSpec;
  /** Whether its image is built here. */
  readonly own: boolean;
}

interface WorkloadSpec {
  readonly selector?: { readonly matchLabels: Labels };
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
}

const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'Job'];
const OWN_IMAGE = /(^|\/)web-event-pipeline\//;

export function workloads(manifests: readonly Manifest[]): Workload[] {
  return ofKind(manifests, ...WORKLOAD_KINDS).map((manifest) => {
    const { selector, template } = specOf<WorkloadSpec>(manifest);
    return {
      kind: manifest.kind,
      name: manifest.metadata.name,
      labels: template.metadata.labels,
      selector: selector?.matchLabels,
      pod: template.spec,
      own: template.spec.containers.some(({ image }) => OWN_IMAGE.test(image)),
    };
  });
}

export function ofKind(manifests: readonly Manifest[], ...kinds: string[]): Manifest[] {
  return manifests.filter(({ kind }) => kinds.includes(kind));
}

/** The `spec` of an object whose shape its schema has checked. */
export function specOf<T>(manifest: Manifest): T {
  return manifest['spec'] as T;
}

export function matches(selector: Labels, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
