import { type Rule } from './rule.ts';
import { type Container, workloads } from './workload.ts';

/**
 * Probes mean what they say: an app that lives is not restarted because a server of others is away, and gets no requests
 * before it is ready for them.
 */
export const probesFit: Rule = (manifests) =>
  workloads(manifests)
    .filter(({ own, kind }) => own && kind === 'Deployment')
    .flatMap(({ name, pod }) =>
      pod.containers.flatMap((container) =>
        problems(container).map((problem) => `Deployment ${name} ${problem}`),
      ),
    );

function problems({ startupProbe, livenessProbe, readinessProbe }: Container): string[] {
  const checks: [boolean, string][] = [
    [startupProbe?.httpGet?.path === '/livez', 'has no startup probe of /livez'],
    [livenessProbe?.httpGet?.path === '/livez', 'has no liveness probe of /livez'],
    [readinessProbe?.httpGet?.path === '/readyz', 'has no readiness probe of /readyz'],
  ];
  return checks.filter(([holds]) => !holds).map(([, problem]) => problem);
}
