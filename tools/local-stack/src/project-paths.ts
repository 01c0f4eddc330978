import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The same depth below src and below dist.
const PROJECT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The root of the workspace: where `apps/` and `.local/` are. */
export const WORKSPACE = dirname(dirname(PROJECT));

/** A file of this project that is not compiled: lock files, Java sources, guards. */
export function projectFile(...path: string[]): string {
  return join(PROJECT, ...path);
}
