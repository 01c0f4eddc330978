/** Two minutes: what reads them looks back one and a half. */
const KEPT_SECONDS = 120;

/** Events of each topic by the second to which they belong; holds the latest two minutes. */
export class SecondTotals {
  private readonly byTopic = new Map<string, Map<number, number>>();

  add(topic: string, atMs: number, events: number): void {
    const seconds = this.byTopic.get(topic) ?? new Map<number, number>();
    this.byTopic.set(topic, seconds);
    const second = Math.floor(atMs / 1_000);
    seconds.set(second, (seconds.get(second) ?? 0) + events);
    // Requests end in nearly the order in which they came in: the oldest second is the first that was added.
    for (const oldest of seconds.keys()) {
      if (seconds.size <= KEPT_SECONDS) break;
      seconds.delete(oldest);
    }
  }

  /** By topic. */
  list(): Record<string, [epochSecond: number, events: number][]> {
    return Object.fromEntries([...this.byTopic].map(([topic, seconds]) => [topic, [...seconds]]));
  }
}
