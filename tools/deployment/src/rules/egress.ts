import { type Manifest } from '../manifests.ts';
import { type Rule } from './rule.ts';
import { variablesOf } from './variables.ts';
import { type Labels, matches, ofKind, specOf, workloads } from './workload.ts';

interface PolicySpec {
  readonly podSelector: { readonly matchLabels: Labels };
  readonly egress?: readonly { readonly ports?: readonly { readonly port: string | number }[] }[];
}

/** A server whose address an app is given can be reached: a network policy lets the app out to its port. */
export const serversAreReachable: Rule = (manifests) =>
  workloads(manifests)
    .filter(({ own }) => own)
    .flatMap(({ kind, name, labels, pod }) => {
      const open = openPorts(manifests, labels);
      return pod.containers.flatMap((container) =>
        [...variablesOf(manifests, container)]
          .filter(([variable]) => !MET_BY_BROWSERS.has(variable))
          .flatMap(([variable, value]) => portsOf(value).map((port) => ({ variable, port })))
          .filter(({ port }) => !open.has(port))
          .map(({ variable, port }) => `${kind} ${name} cannot get out to port ${port} of ${variable}`),
      );
    });

/** Addresses that the app only tells to others. */
const MET_BY_BROWSERS = new Set(['COLLECTOR_PUBLIC_URL', 'COLLECTOR_API_ALLOWED_ORIGINS']);

function openPorts(manifests: readonly Manifest[], labels: Labels): Set<number> {
  const rules = ofKind(manifests, 'NetworkPolicy')
    .map((policy) => specOf<PolicySpec>(policy))
    .filter(({ podSelector }) => matches(podSelector.matchLabels, labels))
    .flatMap(({ egress = [] }) => egress);
  return new Set(rules.flatMap(({ ports = [] }) => ports.map(({ port }) => Number(port))));
}

/** Ports in a comma list of URLs or of `host:port`. */
function portsOf(value: string): number[] {
  return value
    .split(',')
    .map((address) => /^(?:https?:\/\/)?[\w.-]+:(\d+)\/?$/.exec(address.trim())?.[1])
    .filter((port) => port !== undefined)
    .map(Number);
}
