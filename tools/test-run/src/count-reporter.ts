import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Counts, UNIT_COUNTS } from './counts.ts';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** How long Jest may take to end after its last test. */
const EXIT_GRACE_MS = 10_000;

/**
 * Jest reporter: writes the counts of a run to `test-results/` of the project. A spec file that breaks before its
 * first test counts as failed, and so does a skipped test, for nothing in this workspace is skipped.
 */
export default class CountReporter {
  private readonly path: string;

  constructor(
    { rootDir }: { readonly rootDir: string },
    { file = UNIT_COUNTS }: { readonly file?: string } = {},
  ) {
    this.path = join(rootDir, 'test-results', file);
  }

  /** A run that dies half-way must not leave the counts of the run before. */
  onRunStart(): void {
    rmSync(this.path, { force: true });
  }

  onRunComplete(_contexts: unknown, results: Results): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, `${JSON.stringify(countsOf(results))}\n`);
    // The timer holds nothing up; it fires only when something that a test left open does.
    setTimeout(failOpenHandles, EXIT_GRACE_MS).unref();
  }
}

/** Instead of a run that never ends. */
function failOpenHandles(): never {
  console.error('A test left a server, a timer or a process open; `jest --detectOpenHandles` tells which.');
  process.exit(1);
}

function countsOf(results: Results): Counts {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
  return { passed: numPassedTests, failed: numFailedTests + numPendingTests + numRuntimeErrorTestSuites };
}
