import { type Manifest } from '../manifests.ts';
import { settingsOfApps } from '../settings-of-apps.ts';
import { type Rule } from './rule.ts';
import { mapCalled, variablesOf } from './variables.ts';
import { type Container, workloads } from './workload.ts';

/** Every variable of an app is one of its settings, and every ConfigMap it names is there. */
export const settingsExist: Rule = (manifests) => {
  const known = settingsOfApps();
  return workloads(manifests)
    .filter(({ own }) => own)
    .flatMap(({ name, pod }) =>
      pod.containers.flatMap((container) => [
        ...[...variablesOf(manifests, container).keys()]
          .filter((variable) => known.get(name)?.has(variable) !== true)
          .map((variable) => `${name} gets ${variable}, which it does not read`),
        ...missingMaps(manifests, container).map(
          (map) => `${name} names the ConfigMap ${map}, which is not there`,
        ),
      ]),
    );
};

function missingMaps(manifests: readonly Manifest[], { envFrom = [] }: Container): string[] {
  return envFrom
    .map(({ configMapRef }) => configMapRef?.name ?? '')
    .filter((name) => mapCalled(manifests, name) === undefined);
}
