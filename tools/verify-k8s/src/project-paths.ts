import { join, resolve } from 'node:path';

// The same depth below src and below dist.
const PROJECT = resolve(import.meta.dirname, '..');

export const WORKSPACE = resolve(PROJECT, '../..');

/** The Go modules that pin what is built, one folder each. */
export const MODULES = join(PROJECT, 'modules');

export function overlayFolder(overlay: string): string {
  return join(WORKSPACE, 'k8s/overlays', overlay);
}
