import { type Manifest } from '../manifests.ts';
import { type Rule } from './rule.ts';
import { type Labels, matches, ofKind, specOf, workloads } from './workload.ts';

/** Whoever selects pods selects some: a workload its own, and budgets, policies and services those of a workload. */
export const selectorsMatch: Rule = (manifests) => {
  const all = workloads(manifests);
  const own = all.flatMap(({ kind, name, selector, labels, pod }) => {
    const spreads = (pod.topologySpreadConstraints ?? []).map(
      ({ labelSelector }) => labelSelector.matchLabels,
    );
    return [selector, ...spreads]
      .filter((each) => each !== undefined && !matches(each, labels))
      .map((each) => `${kind} ${name} selects ${text(each)}, its pods are ${text(labels)}`);
  });
  const others = selections(manifests)
    .filter(({ selector }) => !all.some(({ labels }) => matches(selector, labels)))
    .map(({ of, selector }) => `${of.kind} ${of.metadata.name} selects ${text(selector)}, which no pod has`);
  return [...own, ...others];
};

function selections(manifests: readonly Manifest[]): { of: Manifest; selector: Labels }[] {
  return [
    ...ofKind(manifests, 'Service').map((of) => ({
      of,
      selector: specOf<{ selector: Labels }>(of).selector,
    })),
    ...ofKind(manifests, 'PodDisruptionBudget').map((of) => ({
      of,
      selector: specOf<{ selector: { matchLabels: Labels } }>(of).selector.matchLabels,
    })),
    ...ofKind(manifests, 'NetworkPolicy').map((of) => ({
      of,
      selector: specOf<{ podSelector: { matchLabels: Labels } }>(of).podSelector.matchLabels,
    })),
  ];
}

function text(labels: Labels | undefined): string {
  return JSON.stringify(labels ?? {});
}
