import { setTimeout as wait } from 'node:timers/promises';

export interface BackoffOptions {
  readonly initialMs: number;
  readonly maxMs: number;
}

/** Full-jitter exponential back-off: a random time below `initialMs · 2^attempt`, at most `maxMs`. */
export function backoffMs(attempt: number, { initialMs, maxMs }: BackoffOptions): number {
  return Math.random() * Math.min(maxMs, initialMs * 2 ** Math.min(attempt, 30));
}

/** Waits; ends early and without an error when the signal aborts. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  await wait(ms, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    if (!signal?.aborted) throw error;
  });
}
