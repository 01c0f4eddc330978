import { type Counts, type Failure, type Report } from './counts.ts';
import { type TaskOutcome } from './nx-run-file.ts';

/** What one part of the run adds to the totals. */
export interface ResultLine {
  /** `<project>:<target>`, or the name of a step that is not an Nx task. */
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  /** Why something failed that no test reported. */
  readonly reason?: string;
  readonly failures?: readonly Failure[];
}

/** Of the message of a failed test, which goes on with a stack; the whole is further up in the output. */
const MESSAGE_LINES = 12;

/** A lint, typecheck, build or format step: nothing when it succeeded, one failure otherwise. */
export function checkLine(name: string, outcome: Pick<TaskOutcome, 'succeeded'> | undefined): ResultLine[] {
  if (outcome?.succeeded) return [];
  return [{ name, passed: 0, failed: 1, reason: outcome === undefined ? 'did not run' : 'failed' }];
}

/** A test task: what its tests reported, corrected where the report cannot be the whole truth. */
export function suiteLine(
  name: string,
  outcome: TaskOutcome | undefined,
  report: Report | undefined,
): ResultLine {
  const { passed, failed, failures } = report ?? { passed: 0, failed: 0, failures: [] };
  const reason = doubt(outcome, report);
  if (reason === undefined) return { name, passed, failed, failures };
  return { name, passed, failed: failed + 1, failures, reason };
}

/** Why a run must not be believed although no test of it failed. */
function doubt(outcome: TaskOutcome | undefined, counts: Counts | undefined): string | undefined {
  if (outcome === undefined) return 'did not run';
  if (counts === undefined) return 'ended without a report';
  if (counts.passed + counts.failed === 0) return 'ran no test';
  if (!outcome.succeeded && counts.failed === 0) return 'failed outside of its tests';
  return undefined;
}

export function totals(lines: readonly ResultLine[]): Counts {
  return lines.reduce(
    (sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }),
    { passed: 0, failed: 0 },
  );
}

/** What failed, then a table of all lines, then, alone on the last line, `N passed, N failed`. */
export function render(lines: readonly ResultLine[]): string {
  const width = Math.max(0, ...lines.map(({ name }) => name.length));
  const rows = lines.map(({ name, passed, failed, reason }) => {
    const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed`;
    return `  ${name.padEnd(width)} ${counts}${reason === undefined ? '' : `  (${reason})`}`;
  });
  const { passed, failed } = totals(lines);
  return [...lines.flatMap(renderFailures), ...rows, '', `${passed} passed, ${failed} failed`, ''].join('\n');
}

function renderFailures({ name, failures = [] }: ResultLine): string[] {
  return failures.flatMap(({ test, message }) => [
    `  FAILED ${name} ${test}`,
    ...message.split('\n', MESSAGE_LINES).map((line) => `    ${line}`.trimEnd()),
    '',
  ]);
}
