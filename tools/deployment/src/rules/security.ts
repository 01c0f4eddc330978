import { type Rule } from './rule.ts';
import { type Labels, matches, ofKind, specOf, type Workload, workloads } from './workload.ts';

/**
 * Pods of ours are restricted: no root, nothing writable but /tmp, no capability, no token of the cluster, a network
 * policy. No secret is in the repository.
 */
export const podsAreRestricted: Rule = (manifests) => {
  const policies = ofKind(manifests, 'NetworkPolicy').map(
    (policy) => specOf<{ podSelector: { matchLabels: Labels } }>(policy).podSelector.matchLabels,
  );
  return [
    ...workloads(manifests)
      .filter(({ own }) => own)
      .flatMap((workload) => [
        ...openings(workload).map((opening) => `${workload.kind} ${workload.name} ${opening}`),
        ...(policies.some((selector) => matches(selector, workload.labels))
          ? []
          : [`${workload.kind} ${workload.name} has no network policy`]),
      ]),
    ...ofKind(manifests, 'Secret').map(({ metadata }) => `The Secret ${metadata.name} is in the repository`),
  ];
};

function openings({ name, pod }: Workload): string[] {
  const checks: [boolean, string][] = [
    [pod.securityContext?.runAsNonRoot === true, 'may run as root'],
    [pod.securityContext?.seccompProfile !== undefined, 'has no seccomp profile'],
    [pod.automountServiceAccountToken === false, 'gets a token of the cluster'],
    [pod.serviceAccountName === name, 'has no service account of its own'],
    ...pod.containers.flatMap(({ securityContext: context }): [boolean, string][] => [
      [context?.readOnlyRootFilesystem === true, 'may write to its image'],
      [context?.allowPrivilegeEscalation === false, 'may gain privileges'],
      [context?.capabilities?.drop?.includes('ALL') === true, 'keeps capabilities'],
    ]),
  ];
  return checks.filter(([holds]) => !holds).map(([, opening]) => opening);
}
