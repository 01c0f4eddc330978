import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root folder of the workspace. */
export const WORKSPACE = resolve(import.meta.dirname, '../../..');

export interface Project {
  readonly name: string;
  /** Relative to the workspace. */
  readonly root: string;
  readonly targets: readonly string[];
}

interface GraphFile {
  readonly graph: {
    readonly nodes: Readonly<
      Record<string, { readonly data: { readonly root: string; readonly targets: object } }>
    >;
  };
}

/** All projects of a file that `nx graph --file` wrote. */
export function readProjects(graphFile: string): Project[] {
  const { graph } = JSON.parse(readFileSync(graphFile, 'utf8')) as GraphFile;
  return Object.entries(graph.nodes).map(([name, { data }]) => ({
    name,
    root: data.root,
    targets: Object.keys(data.targets),
  }));
}

/** The text of a file of the workspace, or nothing where there is none. */
export function readIfThere(...path: string[]): string | undefined {
  try {
    return readFileSync(join(WORKSPACE, ...path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export function removeFromWorkspace(...path: string[]): void {
  rmSync(join(WORKSPACE, ...path), { recursive: true, force: true });
}
