import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WORKSPACE } from '../workspace.ts';

/** What `nx graph --file` writes, as far as the rules need it. */
export interface ProjectGraph {
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly data: {
          readonly root: string;
          readonly tags: readonly string[];
          readonly targets: Readonly<Record<string, unknown>>;
        };
      }
    >
  >;
  readonly dependencies: Readonly<Record<string, readonly { readonly target: string }[]>>;
}

/** Asks Nx for the graph of the workspace as it is now. */
export async function projectGraph(): Promise<ProjectGraph> {
  const folder = await mkdtemp(join(tmpdir(), 'project-graph-'));
  const file = join(folder, 'graph.json');
  try {
    await promisify(execFile)('nx', ['graph', `--file=${file}`], { cwd: WORKSPACE });
    return (JSON.parse(await readFile(file, 'utf8')) as { graph: ProjectGraph }).graph;
  } finally {
    await rm(folder, { recursive: true });
  }
}
