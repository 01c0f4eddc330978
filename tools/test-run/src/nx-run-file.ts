/** One task of an Nx run: `<project>:<target>`, and whether it ended well. */
export interface TaskOutcome {
  readonly project: string;
  readonly target: string;
  readonly succeeded: boolean;
}

interface NxTask {
  readonly projectName: string;
  readonly target: string;
  readonly status: number;
}

/**
 * Reads `run.json`, which Nx leaves in its cache folder after each run (StoreRunInformationLifeCycle of nx 23).
 * @returns nothing when the text has another shape; the caller must then not believe the run.
 */
export function parseNxRun(json: string): TaskOutcome[] | undefined {
  const tasks = (parsed(json) as { tasks?: unknown } | undefined)?.tasks;
  if (!Array.isArray(tasks) || !tasks.every(isTask)) return undefined;
  return tasks.map(({ projectName, target, status }) => ({
    project: projectName,
    target,
    succeeded: status === 0,
  }));
}

function isTask(task: unknown): task is NxTask {
  const { projectName, target, status } = (task ?? {}) as Record<string, unknown>;
  return typeof projectName === 'string' && typeof target === 'string' && typeof status === 'number';
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
