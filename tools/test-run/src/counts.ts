/** How many tests ended how. */
export interface Counts {
  readonly passed: number;
  /** Failed tests, plus one for each spec file that could not run at all. */
  readonly failed: number;
}

/** A failed test, or a spec file that could not run. */
export interface Failure {
  /** `<spec file> › <full name of the test>`; the file alone when it could not run. */
  readonly test: string;
  /** As Jest prints it, without colours: one line or more. */
  readonly message: string;
}

/** What one Jest run reported; written beside the project's tests as `test-results/<name>.json`. */
export interface Report extends Counts {
  readonly failures: readonly Failure[];
}

/** File of the unit specs; a declared output of the `test` target, so that Nx replays it with the cache. */
export const UNIT_COUNTS = 'counts.json';

/** File of the e2e specs. */
export const E2E_COUNTS = 'e2e-counts.json';

/** @returns nothing when the text is not what the reporter writes. */
export function parseReport(json: string): Report | undefined {
  const value: unknown = parsed(json);
  if (typeof value !== 'object' || value === null) return undefined;
  const { passed, failed, failures } = value as Record<string, unknown>;
  if (!isCount(passed) || !isCount(failed)) return undefined;
  return Array.isArray(failures) && failures.every(isFailure) ? { passed, failed, failures } : undefined;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}

function isFailure(value: unknown): value is Failure {
  const { test, message } = (value ?? {}) as Record<string, unknown>;
  return typeof test === 'string' && typeof message === 'string';
}
