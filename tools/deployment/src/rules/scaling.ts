import { allTopics } from '@pipeline/event-schema';
import { type Manifest } from '../manifests.ts';
import { type Rule } from './rule.ts';
import { type Labels, matches, ofKind, specOf, type Workload, workloads } from './workload.ts';

interface ScalerSpec {
  readonly scaleTargetRef: { readonly name: string };
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly advanced?: {
    readonly horizontalPodAutoscalerConfig?: {
      readonly behavior?: { readonly scaleDown?: { readonly stabilizationWindowSeconds?: number } };
    };
  };
  readonly triggers?: readonly {
    readonly type: string;
    readonly metadata: Readonly<Record<string, string>>;
  }[];
}

/** A sink that shrinks and grows faster than this spends its time in rebalances. */
const LEAST_COOL_DOWN_SECONDS = 300;

/**
 * Each Deployment of ours that is not alone has one autoscaler and one disruption budget that lets a pod go; the autoscaler names it, its
 * least is not above its most, and a sink never gets more replicas than its topics have partitions, nor shrinks at once.
 */
export const scalersFit: Rule = (manifests) => {
  const deployments = workloads(manifests).filter(
    ({ kind, own, name }) => own && kind === 'Deployment' && !isAlone(manifests, name),
  );
  const scalers = ofKind(manifests, 'HorizontalPodAutoscaler', 'ScaledObject');
  return [
    ...deployments.flatMap((deployment) => [
      ...exactlyOne(
        deployment,
        'autoscaler',
        scalers.filter((scaler) => targetOf(scaler) === deployment.name),
      ),
      ...exactlyOne(deployment, 'disruption budget', budgetsOf(manifests, deployment)),
    ]),
    ...scalers.flatMap((scaler) => scalerProblems(scaler, deployments)),
    ...ofKind(manifests, 'PodDisruptionBudget')
      .filter((budget) => specOf<{ maxUnavailable?: number }>(budget).maxUnavailable !== 1)
      .map(
        (budget) =>
          `PodDisruptionBudget ${budget.metadata.name} must let one pod go, or no node can be drained`,
      ),
  ];
};

/** There is one of it and it is not there while it moves: nothing scales it, and it keeps no node from being drained. */
function isAlone(manifests: readonly Manifest[], name: string): boolean {
  const deployment = ofKind(manifests, 'Deployment').find(({ metadata }) => metadata.name === name);
  if (deployment === undefined) return false;
  const { replicas, strategy } = specOf<{ replicas?: number; strategy?: { type?: string } }>(deployment);
  return replicas === 1 && strategy?.type === 'Recreate';
}

function exactlyOne({ name }: Workload, what: string, found: readonly Manifest[]): string[] {
  return found.length === 1 ? [] : [`Deployment ${name} has ${found.length} of: ${what}`];
}

function budgetsOf(manifests: readonly Manifest[], { labels }: Workload): Manifest[] {
  return ofKind(manifests, 'PodDisruptionBudget').filter((budget) =>
    matches(specOf<{ selector: { matchLabels: Labels } }>(budget).selector.matchLabels, labels),
  );
}

function targetOf(scaler: Manifest): string {
  return specOf<ScalerSpec>(scaler).scaleTargetRef.name;
}

function scalerProblems(scaler: Manifest, deployments: readonly Workload[]): string[] {
  const spec = specOf<ScalerSpec>(scaler);
  const least = spec.minReplicas ?? spec.minReplicaCount ?? 1;
  const most = spec.maxReplicas ?? spec.maxReplicaCount ?? Infinity;
  const who = `${scaler.kind} ${scaler.metadata.name}`;
  const partitions = (spec.triggers ?? []).map(({ metadata }) => partitionsOf(metadata['topic'] ?? ''));
  return [
    ...(deployments.some(({ name }) => name === targetOf(scaler)) ? [] : [`${who} scales nothing of ours`]),
    ...(least > most ? [`${who} wants at least ${least} and at most ${most}`] : []),
    ...partitions
      .filter((count) => most > count)
      .map((count) => `${who} goes up to ${most}, its topic has ${count} partitions`),
    ...(coolsDown(spec) ? [] : [`${who} shrinks at once, which makes a storm of rebalances`]),
  ];
}

/** An HorizontalPodAutoscaler scales what has no partitions. */
function coolsDown({ triggers, advanced }: ScalerSpec): boolean {
  const { scaleDown } = advanced?.horizontalPodAutoscalerConfig?.behavior ?? {};
  return triggers === undefined || (scaleDown?.stabilizationWindowSeconds ?? 0) >= LEAST_COOL_DOWN_SECONDS;
}

/** Partitions of one of our topics; none of an unknown one. */
function partitionsOf(topic: string): number {
  return allTopics().find(({ name }) => name === topic)?.partitions ?? 0;
}
