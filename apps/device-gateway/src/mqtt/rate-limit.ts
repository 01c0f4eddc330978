/** Messages of one sender: a second's worth may come at once, what comes faster waits its turn. */
export class DeviceRateLimit {
  /** When the last message that was let in would be due if they came evenly. */
  private dueMs = Number.NEGATIVE_INFINITY;

  /** @param perSecond 0: no limit. */
  constructor(private readonly perSecond: number) {}

  /** Takes one message in. @returns how long it has to wait. */
  waitMs(nowMs: number): number {
    if (this.perSecond === 0) return 0;
    this.dueMs = Math.max(this.dueMs, nowMs - 1_000) + 1_000 / this.perSecond;
    return Math.max(0, this.dueMs - nowMs);
  }
}
