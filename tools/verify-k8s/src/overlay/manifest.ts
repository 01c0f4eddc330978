import { parseAllDocuments } from 'yaml';
import { type Kubectl } from '../cluster/kubectl.ts';

/** A Kubernetes object, as far as every object is alike. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** The objects of an overlay. */
export async function rendered(kubectl: Kubectl, folder: string): Promise<Manifest[]> {
  return parseAllDocuments(await kubectl.text('kustomize', folder)).map(
    (document) => document.toJS() as Manifest,
  );
}

export function namesOfKind(manifests: readonly Manifest[], kind: string): string[] {
  return manifests.filter((manifest) => manifest.kind === kind).map(({ metadata }) => metadata.name);
}
