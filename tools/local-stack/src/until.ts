import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs: number;
  /** Pause between two looks; default 100. */
  readonly intervalMs?: number;
}

/**
 * Looks until `check` says yes; a check that throws counts as no.
 * @returns whether it said yes in time.
 */
export async function until(check: () => boolean | Promise<boolean>, patience: Patience): Promise<boolean> {
  const deadline = performance.now() + patience.timeoutMs;
  for (;;) {
    if (await saysYes(check)) return true;
    if (performance.now() >= deadline) return false;
    await delay(patience.intervalMs ?? 100);
  }
}

async function saysYes(check: () => boolean | Promise<boolean>): Promise<boolean> {
  try {
    return await check();
  } catch {
    return false;
  }
}
