import { held, type DrillResult } from '../run/drill-result.ts';

/** A drill in one line. */
export function resultLine(result: DrillResult): string {
  const { name, records, lost, double, durationMs } = result;
  return [
    held(result) ? 'held  ' : 'BROKEN',
    name.padEnd(44),
    `${count(records).padStart(8)} events`,
    `${count(lost)} lost`,
    `${count(double)} double`,
    `longest pause ${pauses(result)}`,
    seconds(durationMs),
  ].join('  ');
}

/** `hdfs-sink 7.2 s, es-sink 0.9 s` */
export function pauses({ longestPauseMs }: DrillResult): string {
  const parts = Object.entries(longestPauseMs).map(([group, ms]) => `${group} ${(ms / 1_000).toFixed(1)} s`);
  return parts.length === 0 ? '–' : parts.join(', ');
}

/** With separators, as in 12,345. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Whole seconds, or minutes and seconds. */
export function seconds(ms: number): string {
  const total = Math.round(ms / 1_000);
  return total < 120 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`;
}
