import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { E2E_COUNTS, parseReport, UNIT_COUNTS } from './counts.ts';
import { runTargets } from './nx-tasks.ts';
import { runCommand, stopOnSignals, wasInterrupted } from './run-command.ts';
import { checkLine, render, type ResultLine, suiteLine, totals } from './totals.ts';
import { type Project, readIfThere, readProjects, removeFromWorkspace } from './workspace.ts';

const CHECKS = ['lint', 'typecheck', 'build'];
const SUITES: Readonly<Record<string, string>> = { test: UNIT_COUNTS, e2e: E2E_COUNTS };

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { unit: { type: 'boolean', default: false } } });
  stopOnSignals();
  const lines = checkLine('format', { succeeded: await runCommand('prettier', '--check', '.') });
  const projects = await listProjects();
  if (projects === undefined) lines.push(...checkLine('nx graph', { succeeded: false }));
  else {
    // What is there afterwards was written, or replayed from the cache, by this run.
    for (const { root } of projects) removeFromWorkspace(root, 'test-results');
    lines.push(...(await stage(projects, [...CHECKS, 'test'])));
    if (!values.unit) lines.push(...(await stage(projects, ['e2e'])));
  }
  if (wasInterrupted()) lines.push(...checkLine('interrupted', { succeeded: false }));
  process.stdout.write(`\n${render(lines)}`);
  process.exitCode = totals(lines).failed === 0 ? 0 : 1;
}

async function listProjects(): Promise<Project[] | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'test-run-'));
  const file = join(folder, 'graph.json');
  try {
    return (await runCommand('nx', 'graph', `--file=${file}`)) ? readProjects(file) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs the targets together, then asks for the outcome of every task that must have run. */
async function stage(projects: readonly Project[], targets: readonly string[]): Promise<ResultLine[]> {
  const outcomes = new Map(
    (await runTargets(targets)).map((task) => [`${task.project}:${task.target}`, task]),
  );
  return targets.flatMap((target) =>
    projects
      .filter((project) => project.targets.includes(target))
      .flatMap(({ name, root }) => {
        const task = `${name}:${target}`;
        const countsFile = SUITES[target];
        if (countsFile === undefined) return checkLine(task, outcomes.get(task));
        const report = parseReport(readIfThere(root, 'test-results', countsFile) ?? '');
        return [suiteLine(task, outcomes.get(task), report)];
      }),
  );
}

await main();
