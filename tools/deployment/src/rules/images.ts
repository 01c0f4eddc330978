import { settingsOfApps } from '../settings-of-apps.ts';
import { type Rule } from './rule.ts';
import { workloads } from './workload.ts';

/** Every image has a version, and those under our name are built here. */
export const imagesArePinned: Rule = (manifests) =>
  workloads(manifests).flatMap(({ kind, name, own, pod }) =>
    pod.containers.flatMap(({ image }) => [
      ...(isPinned(image) ? [] : [`${kind} ${name} runs ${image}, which has no version`]),
      ...(own && imageName(image) !== name
        ? [`${kind} ${name} runs ${image}, the image of another app`]
        : []),
      ...(own && !settingsOfApps().has(imageName(image)) ? [`${image} is no app of ours`] : []),
    ]),
  );

/** A tag other than `latest`, or a digest. */
export function isPinned(image: string): boolean {
  const last = image.split('/').at(-1) ?? '';
  const tag = /:([^@]+)/.exec(last)?.[1];
  return last.includes('@sha256:') || (tag !== undefined && tag !== 'latest');
}

function imageName(image: string): string {
  return (image.split('/').at(-1) ?? '').replace(/[:@].*$/, '');
}
