import { execa } from 'execa';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type JsonObject } from './schemas/json.ts';
import { WORKSPACE } from './workspace.ts';

export const OVERLAYS = ['local', 'production'] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** A Kubernetes object, as far as the rules look into it. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string } & JsonObject;
}

/** The objects that `kubectl apply -k` would send. @throws when kubectl is missing or kustomize refuses. */
export function render(overlay: Overlay): Promise<Manifest[]> {
  return renderFolder(join(WORKSPACE, 'k8s/overlays', overlay));
}

/** The same of any folder. */
export async function renderFolder(folder: string): Promise<Manifest[]> {
  const { stdout } = await execa('kubectl', ['kustomize', folder]);
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}
