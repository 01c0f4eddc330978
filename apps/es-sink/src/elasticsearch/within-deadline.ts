import { StoreError } from './store-error.ts';
import { storeErrorOf } from './store-error-of.ts';

/** An answer that has begun must be complete this much after the deadline of its first byte. */
const BODY_GRACE_MS = 1_000;

export interface RequestLimits {
  readonly requestTimeout: number;
  readonly signal: AbortSignal;
}

/**
 * Runs one request of the client under a total time limit. The client's own limit ends with the first byte of the
 * answer, and it alone marks a silent node dead, so both are set.
 * @throws StoreError
 */
export async function withinDeadline<T>(
  timeoutMs: number,
  request: (limits: RequestLimits) => Promise<T>,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs + BODY_GRACE_MS);
  try {
    return await request({ requestTimeout: timeoutMs, signal });
  } catch (error) {
    if (!signal.aborted) throw storeErrorOf(error);
    throw new StoreError('timeout', `No complete answer in ${timeoutMs + BODY_GRACE_MS} ms`);
  }
}
