import { type Manifest } from '../manifests.ts';
import { type Container, ofKind } from './workload.ts';

/** What a container gets into its environment, as far as the manifests say it: the values of secrets are empty. */
export function variablesOf(
  manifests: readonly Manifest[],
  { env = [], envFrom = [] }: Container,
): Map<string, string> {
  const maps = envFrom.flatMap(({ configMapRef }) => {
    const found = mapCalled(manifests, configMapRef?.name);
    return Object.entries((found?.['data'] as Record<string, string> | undefined) ?? {});
  });
  return new Map([...maps, ...env.map(({ name, value = '' }): [string, string] => [name, value])]);
}

export function mapCalled(manifests: readonly Manifest[], name: string | undefined): Manifest | undefined {
  return ofKind(manifests, 'ConfigMap').find(({ metadata }) => metadata.name === name);
}
