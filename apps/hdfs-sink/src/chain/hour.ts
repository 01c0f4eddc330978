const HOUR_MS = 3_600_000;

/** UTC hours since the epoch. */
export function hourOf(timestampMs: number): number {
  return Math.floor(timestampMs / HOUR_MS);
}

/** The partition folder of an hour, as Hive reads it: `dt=2026-11-22/hour=09`. */
export function hourDirectory(hour: number): string {
  const iso = new Date(hour * HOUR_MS).toISOString();
  return `dt=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}`;
}
