const DAY_MS = 24 * 60 * 60 * 1_000;

/** How far `occurred_at` may lie from the time at which the broker appended the record. */
export interface EventTimeWindow {
  readonly maxAgeMs: number;
  readonly maxLeadMs: number;
}

/** `<topic>-YYYY.MM.DD` by the UTC day of an instant in milliseconds since the epoch. */
export class IndexName {
  private readonly names = new Map<number, string>();

  constructor(private readonly topic: string) {}

  of(occurredAtMs: number): string {
    const day = Math.floor(occurredAtMs / DAY_MS);
    const known = this.names.get(day);
    if (known !== undefined) return known;
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '.');
    const name = `${this.topic}-${date}`;
    this.names.set(day, name);
    return name;
  }
}

/**
 * Whether an event may choose its index. Without a bound one producer with a broken clock could make an index per
 * day of history. The broker's time is fixed with the record, so that a replay is judged like the first try.
 */
export function isInWindow(
  occurredAtMs: number,
  appendedAtMs: number,
  { maxAgeMs, maxLeadMs }: EventTimeWindow,
): boolean {
  return occurredAtMs >= appendedAtMs - maxAgeMs && occurredAtMs <= appendedAtMs + maxLeadMs;
}
