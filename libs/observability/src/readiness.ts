/** Says why a part is not ready, or nothing when it is. Must be cheap: it answers from memory. */
export type ReadinessCheck = () => string | undefined;

/** What an app must have before it should get work. Parts register themselves; `/readyz` asks them all. */
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private readonly watched = new Map<string, ReadinessCheck>();

  register(part: string, check: ReadinessCheck): void {
    this.checks.set(part, check);
  }

  /** A part without which the app still has work that it can do: told, and no reason to be not ready. */
  watch(part: string, check: ReadinessCheck): void {
    this.watched.set(part, check);
  }

  /** Reasons by part; empty when ready. */
  notReady(): Record<string, string> {
    return reasonsOf(this.checks);
  }

  /** Reasons by watched part; empty when all is well. */
  degraded(): Record<string, string> {
    return reasonsOf(this.watched);
  }
}

function reasonsOf(checks: ReadonlyMap<string, ReadinessCheck>): Record<string, string> {
  const reasons: Record<string, string> = {};
  for (const [part, check] of checks) {
    const reason = check();
    if (reason !== undefined) reasons[part] = reason;
  }
  return reasons;
}
