import { type CheckContext } from './checks/check.ts';
import { checksOf } from './checks/catalogue.ts';
import { Cluster } from './cluster/cluster.ts';
import { installKinds } from './keda/keda.ts';
import { type RealPipeline } from './lag/real-pipeline.ts';
import { MetricsServer } from './metrics/metrics-server.ts';
import { rendered } from './overlay/manifest.ts';
import { type ProgramCache } from './programs/program-cache.ts';
import { overlayFolder } from './project-paths.ts';
import { type CheckResult } from './report/result.ts';

export const OVERLAYS = ['local', 'production'] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** What every overlay is checked with. */
export interface Verification {
  readonly programs: ProgramCache;
  /** With it, KEDA is started and the lag of the sinks is followed. */
  readonly pipeline: RealPipeline | undefined;
  readonly onResult: (result: CheckResult) => void;
  /** Stops between two checks. */
  readonly stopping: AbortSignal;
}

/** Checks an overlay in a cluster of its own, of which nothing is left. @throws when no cluster can be started. */
export async function verifyOverlay(overlay: Overlay, verification: Verification): Promise<CheckResult[]> {
  const { programs, pipeline, onResult, stopping } = verification;
  const cluster = await Cluster.start(programs);
  let metrics: MetricsServer | undefined;
  try {
    await installKinds(cluster);
    metrics = await MetricsServer.start(cluster);
    const { kubectl } = cluster;
    const manifests = await rendered(kubectl, overlayFolder(overlay));
    const context: CheckContext = { overlay, manifests, cluster, kubectl, metrics, pipeline };
    const results: CheckResult[] = [];
    for (const check of checksOf(overlay, pipeline !== undefined)) {
      if (stopping.aborted) break;
      const startedAt = performance.now();
      const outcome = await check.run(context).then(
        (seen) => ({ seen }),
        (error: unknown) => ({ seen: '', failure: error instanceof Error ? error.message : String(error) }),
      );
      const result = { overlay, title: check.title, ms: performance.now() - startedAt, ...outcome };
      results.push(result);
      onResult(result);
    }
    return results;
  } finally {
    await metrics?.stop();
    await cluster.stop();
  }
}
