/** An edit that makes an object of the overlay wrong, and what the server says to it. */
export interface ServerMistake {
  readonly kind: string;
  readonly title: string;
  readonly reason: RegExp;
  /** Edits a copy. */
  readonly make: (manifest: Record<string, unknown>) => void;
}

const UNKNOWN = /unknown field|not declared in schema/;
const NOT_TEXT = /expected string|cannot unmarshal/;

/** At least one for every kind of object that an overlay has. */
export const MISTAKES: readonly ServerMistake[] = [
  at('Namespace', 'a level that does not exist', /must be one of/, 'metadata.labels', {
    'pod-security.kubernetes.io/enforce': 'strict',
  }),
  at('ServiceAccount', 'a misspelt field', UNKNOWN, 'automountServiceAccountTokn', false),
  at('ConfigMap', 'a value that is no text', NOT_TEXT, 'data', { A: 1 }),
  at('Service', 'a port of 0', /must be between 1 and 65535/, 'spec.ports.0.port', 0),
  at('Deployment', 'a selector of no pod', /does not match template/, 'spec.selector.matchLabels', {
    'app.kubernetes.io/name': 'other',
  }),
  at('Deployment', 'a misspelt field', UNKNOWN, 'spec.template.spec.containers.0.livenesProbe', {}),
  at(
    'Deployment',
    'a request above its limit',
    /must be less than or equal to memory limit/,
    'spec.template.spec.containers.0.resources.requests.memory',
    '9Gi',
  ),
  at('Deployment', 'a number as environment', NOT_TEXT, 'spec.template.spec.containers.0.env', [
    { name: 'A', value: 1 },
  ]),
  at('StatefulSet', 'a volume that is not there', /Not found/, 'spec.template.spec.volumes', []),
  at(
    'Job',
    'a restart policy of servers',
    /restartPolicy: Required value/,
    'spec.template.spec.restartPolicy',
    'Always',
  ),
  at('PodDisruptionBudget', 'least and most at once', /cannot be both set/, 'spec.minAvailable', 1),
  at(
    'HorizontalPodAutoscaler',
    'a most below its least',
    /must be greater than or equal to `minReplicas`/,
    'spec.maxReplicas',
    0,
  ),
  at(
    'NetworkPolicy',
    'a protocol that does not exist',
    /Unsupported value/,
    'spec.egress.0.ports.0.protocol',
    'HTTP',
  ),
  at('Ingress', 'a path without its type', /pathType/, 'spec.rules.0.http.paths.0.pathType', undefined),
  at('ScaledObject', 'a misspelt field', UNKNOWN, 'spec.maxReplicas', 3),
  at('ScaledObject', 'no trigger', /triggers/, 'spec.triggers', undefined),
  at('TriggerAuthentication', 'a misspelt field', UNKNOWN, 'spec.secretTargetRefs', []),
];

/** A mistake that is another value at one place; `undefined` removes it. */
function at(kind: string, title: string, reason: RegExp, path: string, value: unknown): ServerMistake {
  return { kind, title, reason, make: (manifest) => setAt(manifest, path.split('.'), value) };
}

export function setAt(object: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path;
  if (rest.length > 0) return setAt((object[key] ??= {}) as Record<string, unknown>, rest, value);
  if (value === undefined) delete object[key];
  else object[key] = value;
}
