import { type Percentiles } from './percentiles.ts';

/** Something measured, and what it may be at most. */
export interface Figure {
  readonly name: string;
  readonly measured: number;
  readonly budget: number;
  readonly unit: 'ms' | 'bytes' | 'events/s';
  /** How it was measured, or what else was seen. */
  readonly note: string;
}

export function holds({ measured, budget }: Figure): boolean {
  return measured <= budget;
}

/** `ok      click → bar moves, p95      212 ms   ≤ 500 ms   …` */
export function figureLine(figure: Figure): string {
  const { name, measured, budget, unit, note } = figure;
  return [
    holds(figure) ? 'ok    ' : 'MISSED',
    name.padEnd(58),
    amount(measured, unit).padStart(13),
    `≤ ${amount(budget, unit)}`.padEnd(16),
    note,
  ].join('  ');
}

export function percentileNote({ samples, p50, p95, p99, max }: Percentiles): string {
  return `n ${grouped(samples)}, p50 ${p50}, p95 ${p95}, p99 ${p99}, max ${max}`;
}

export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

function amount(value: number, unit: Figure['unit']): string {
  return `${grouped(Math.round(value))} ${unit}`;
}
