import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  /** Default 30,000. */
  readonly timeoutMs?: number;
  /** Pause between two tries; default 100. */
  readonly intervalMs?: number;
}

/**
 * Tries an assertion until it holds; the only way in which a test waits.
 * @returns what the assertion returned.
 * @throws its last failure when the time is up.
 */
export async function eventually<T>(assertion: () => T | Promise<T>, patience: Patience = {}): Promise<T> {
  const { timeoutMs = 30_000, intervalMs = 100 } = patience;
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (performance.now() >= deadline) throw error;
    }
    await delay(intervalMs);
  }
}
