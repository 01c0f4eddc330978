import { parseNxRun, type TaskOutcome } from './nx-run-file.ts';
import { runCommand } from './run-command.ts';
import { readIfThere, removeFromWorkspace } from './workspace.ts';

const RUN_FILE = '.nx/cache/run.json';

/** Runs targets in all projects that have them, whatever fails; resolves to what became of each task. */
export async function runTargets(targets: readonly string[]): Promise<TaskOutcome[]> {
  removeFromWorkspace(RUN_FILE);
  await runCommand('nx', 'run-many', '--outputStyle=static', '--nxBail=false', '-t', ...targets);
  return parseNxRun(readIfThere(RUN_FILE) ?? '') ?? [];
}
