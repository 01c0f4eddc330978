import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKSPACE } from '../workspace.ts';
import { type Rule } from './rule.ts';
import { workloads } from './workload.ts';

/** A pod gets the time that its app needs for a clean stop, after the pause before SIGTERM. */
export const graceIsEnough: Rule = (manifests) => {
  const shutdown = shutdownSeconds();
  return workloads(manifests)
    .filter(({ own, kind }) => own && kind === 'Deployment')
    .flatMap(({ name, pod }) => {
      const pauses = pod.containers.map(({ lifecycle }) => lifecycle?.preStop?.sleep?.seconds ?? 0);
      const needed = shutdown + Math.max(...pauses);
      const given = pod.terminationGracePeriodSeconds ?? 30;
      return given > needed ? [] : [`Deployment ${name} is killed after ${given} s and needs ${needed} s`];
    });
};

/** The default of SHUTDOWN_GRACE_MS, in seconds. */
function shutdownSeconds(): number {
  const settings = readFileSync(join(WORKSPACE, '.env.example'), 'utf8');
  return Number(/^SHUTDOWN_GRACE_MS=(\d+)$/m.exec(settings)?.[1]) / 1_000;
}
