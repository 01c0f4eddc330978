import { type Cluster } from '../cluster/cluster.ts';
import { type Kubectl } from '../cluster/kubectl.ts';
import { type RealPipeline } from '../lag/real-pipeline.ts';
import { type MetricsServer } from '../metrics/metrics-server.ts';
import { type Manifest } from '../overlay/manifest.ts';
import { VerifyError } from '../verify-error.ts';

/** What a check works on: one overlay in a cluster of its own. */
export interface CheckContext {
  readonly overlay: string;
  /** The objects that the overlay consists of. */
  readonly manifests: readonly Manifest[];
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly metrics: MetricsServer;
  /** Only with KEDA, which asks a real broker. */
  readonly pipeline: RealPipeline | undefined;
}

export interface Check {
  /** What holds, in the present tense. */
  readonly title: string;
  /** @returns what was seen. @throws when it does not hold. */
  run(context: CheckContext): Promise<string>;
}

/** Where everything of the overlays lives. */
export const NAMESPACE = 'pipeline';
export const IN_NAMESPACE = ['--namespace', NAMESPACE] as const;

/** @throws VerifyError `check-failed` with the sentence. */
export function hold(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new VerifyError('check-failed', sentence);
}
