import { type Manifest } from '../manifests.ts';
import { settingsOfApps } from '../settings-of-apps.ts';
import { type Rule } from './rule.ts';
import { type Container, ofKind, workloads } from './workload.ts';

/** Every variable of an app is one of its settings, and every ConfigMap it names is there. */
export const settingsExist: Rule = (manifests) => {
  const known = settingsOfApps();
  return workloads(manifests)
    .filter(({ own }) => own)
    .flatMap(({ name, pod }) =>
      pod.containers.flatMap((container) => [
        ...namesOf(manifests, container)
          .filter((variable) => known.get(name)?.has(variable) !== true)
          .map((variable) => `${name} gets ${variable}, which it does not read`),
        ...missingMaps(manifests, container).map(
          (map) => `${name} names the ConfigMap ${map}, which is not there`,
        ),
      ]),
    );
};

function namesOf(manifests: readonly Manifest[], { env = [], envFrom = [] }: Container): string[] {
  const maps = envFrom.flatMap(({ configMapRef }) => {
    const found = mapCalled(manifests, configMapRef?.name);
    return Object.keys((found?.['data'] as Record<string, string> | undefined) ?? {});
  });
  return [...env.map(({ name }) => name), ...maps];
}

function missingMaps(manifests: readonly Manifest[], { envFrom = [] }: Container): string[] {
  return envFrom
    .map(({ configMapRef }) => configMapRef?.name ?? '')
    .filter((name) => mapCalled(manifests, name) === undefined);
}

function mapCalled(manifests: readonly Manifest[], name: string | undefined): Manifest | undefined {
  return ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === name);
}
