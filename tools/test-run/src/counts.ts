/** What one Jest run reported; written beside the project's tests as `test-results/<name>.json`. */
export interface Counts {
  readonly passed: number;
  /** Failed tests, plus one for each spec file that could not run at all. */
  readonly failed: number;
}

/** File of the unit specs; a declared output of the `test` target, so that Nx replays it with the cache. */
export const UNIT_COUNTS = 'counts.json';

/** File of the e2e specs. */
export const E2E_COUNTS = 'e2e-counts.json';

/** @returns nothing when the text is not what the reporter writes. */
export function parseCounts(json: string): Counts | undefined {
  const value: unknown = parsed(json);
  if (typeof value !== 'object' || value === null) return undefined;
  const { passed, failed } = value as Record<string, unknown>;
  return isCount(passed) && isCount(failed) ? { passed, failed } : undefined;
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
