import { type Manifest } from '../manifests.ts';
import { type Rule } from './rule.ts';
import { variablesOf } from './variables.ts';
import { type Container, type PodSpec, workloads } from './workload.ts';

/** A file that an app is told to read comes with a volume: nothing else puts one into a read-only image. */
export const filesAreMounted: Rule = (manifests) =>
  workloads(manifests)
    .filter(({ own }) => own)
    .flatMap(({ kind, name, pod }) =>
      pod.containers.flatMap((container) =>
        filesOf(manifests, container)
          .filter(([, file]) => !isMounted(pod, container, file))
          .map(
            ([variable, file]) =>
              `${kind} ${name} is told to read ${file} (${variable}), which nothing mounts`,
          ),
      ),
    );

function filesOf(manifests: readonly Manifest[], container: Container): [string, string][] {
  return [...variablesOf(manifests, container)].filter(
    ([name, value]) => /_(FILE|CA|DIR)$/.test(name) && value !== '',
  );
}

/** Volumes of secrets name each of their files; any other volume may hold whatever an app puts there. */
function isMounted({ volumes = [] }: PodSpec, { volumeMounts = [] }: Container, file: string): boolean {
  return volumeMounts.some(({ name, mountPath }) => {
    const volume = volumes.find((each) => each.name === name);
    if (volume === undefined || !`${file}/`.startsWith(`${mountPath}/`)) return false;
    const items = volume.secret?.items;
    return items === undefined || items.some(({ path }) => `${mountPath}/${path}` === file);
  });
}
