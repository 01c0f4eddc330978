import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type Failure, type Report, UNIT_COUNTS } from './counts.ts';

interface SpecResults {
  readonly testFilePath: string;
  /** Why the file could not run. */
  readonly testExecError?: { readonly message?: string };
  readonly testResults: readonly {
    readonly fullName: string;
    readonly status: string;
    readonly failureMessages: readonly string[];
  }[];
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly SpecResults[];
}

/** How long Jest may take to end after its last test. */
const EXIT_GRACE_MS = 10_000;

/**
 * Jest reporter: writes the counts of a run, and what failed in it, to `test-results/` of the project. A spec file that
 * breaks before its first test counts as failed, and so does a skipped test, for nothing in this workspace is skipped.
 */
export default class CountReporter {
  private readonly rootDir: string;
  private readonly path: string;

  constructor(
    { rootDir }: { readonly rootDir: string },
    { file = UNIT_COUNTS }: { readonly file?: string } = {},
  ) {
    this.rootDir = rootDir;
    this.path = join(rootDir, 'test-results', file);
  }

  /** A run that dies half-way must not leave the counts of the run before. */
  onRunStart(): void {
    rmSync(this.path, { force: true });
  }

  onRunComplete(_contexts: unknown, results: Results): void {
    mkdirSync(dirname(this.path), { recursive: true });
    writeFileSync(this.path, `${JSON.stringify(this.report(results))}\n`);
    // The timer holds nothing up; it fires only when something that a test left open does.
    setTimeout(failOpenHandles, EXIT_GRACE_MS).unref();
  }

  private report(results: Results): Report {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = results;
    return {
      passed: numPassedTests,
      failed: numFailedTests + numPendingTests + numRuntimeErrorTestSuites,
      failures: results.testResults.flatMap((spec) =>
        failuresOf(spec, relative(this.rootDir, spec.testFilePath)),
      ),
    };
  }
}

/** Instead of a run that never ends. */
function failOpenHandles(): never {
  console.error('A test left a server, a timer or a process open; `jest --detectOpenHandles` tells which.');
  process.exit(1);
}

function failuresOf({ testExecError, testResults }: SpecResults, file: string): Failure[] {
  if (testExecError !== undefined)
    return [{ test: file, message: stripVTControlCharacters(testExecError.message ?? 'could not run') }];
  return testResults
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status, failureMessages }) => ({
      test: `${file} › ${fullName}`,
      message: stripVTControlCharacters(failureMessages.join('\n')) || `is ${status}`,
    }));
}
